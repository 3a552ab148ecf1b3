import { Column, Entity, Index, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

/** Somebody who writes stories. */
@Entity('bench_writer')
export class Writer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ length: 120 })
  email: string;

  @OneToMany(() => Story, (story) => story.writer)
  stories: Relation<Story>[];
}

/** What the servers list, show and make. */
@Entity('bench_story')
export class Story {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  title: string;

  @Column({ length: 300 })
  summary: string;

  @Column({ type: 'int' })
  words: number;

  @Column({ type: 'decimal', precision: 10, scale: 2 })
  price: string;

  @Column()
  featured: boolean;

  @Column({ type: Date })
  @Index()
  publishedAt: Date;

  @ManyToOne(() => Writer, (writer) => writer.stories, { nullable: false })
  writer: Relation<Writer>;
}
