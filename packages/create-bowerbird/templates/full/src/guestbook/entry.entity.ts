import { Field, Meta } from 'bowerbird';
import { MaxLength, MinLength } from 'class-validator';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a visitor has written. */
@Entity()
@Meta({ ordering: ['-writtenAt', '-id'], display: 'name', audited: true })
export class Entry {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 60 })
  @MinLength(2)
  name: string;

  @Column({ type: 'text' })
  @MaxLength(500)
  message: string;

  @Column({ type: String, length: 200, nullable: true })
  @Field({ format: 'image', help: 'Up to 5 MB' })
  photo: string | null;

  @Column({ default: false })
  @Field({ help: 'Whether visitors see it' })
  shown: boolean;

  @CreateDateColumn()
  @Field({ label: 'Written' })
  writtenAt: Date;
}
