import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Writer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @OneToMany(() => Article, (article) => article.writer)
  articles: Relation<Article>[];
}

@Entity()
export class Article {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 200 })
  title: string;

  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ default: 0 })
  views: number;

  @ManyToOne(() => Writer, (writer) => writer.articles, { nullable: true, onDelete: 'CASCADE' })
  writer: Relation<Writer> | null;
}

/** An article that is not stored yet. */
export function article(title: string, body: string | null = null, writer: Writer | null = null): Article {
  return Object.assign(new Article(), { title, body, writer, views: 0 });
}
