import { Admin, Field, Meta } from 'bowerbird';
import { MaxLength, MinLength } from 'class-validator';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a visitor has written. */
@Entity()
@Meta({ ordering: ['-writtenAt', '-id'], display: 'name' })
@Admin({
  list: ['name', 'message', 'shown', 'writtenAt'],
  search: ['name', 'message'],
  filters: ['shown', 'writtenAt'],
  readOnly: ['writtenAt'],
})
export class Entry {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 60 })
  @MinLength(2)
  name: string;

  @Column({ type: 'text' })
  @MaxLength(500)
  message: string;

  @Column({ default: true })
  @Field({ help: 'Whether visitors see it' })
  shown: boolean;

  @CreateDateColumn()
  @Field({ label: 'Written' })
  writtenAt: Date;
}
