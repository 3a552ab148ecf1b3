import { Admin, Field, Meta } from 'bowerbird';
import { MinLength } from 'class-validator';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Something to do. */
@Entity()
@Meta({ ordering: ['due', 'id'], display: 'title' })
@Admin({
  list: ['title', 'due', 'done'],
  search: ['title'],
  filters: ['done', 'due'],
  readOnly: ['createdAt'],
})
export class Task {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  @MinLength(2)
  title: string;

  @Column({ type: 'date', nullable: true })
  due: string | null;

  @Column({ default: false })
  done: boolean;

  @CreateDateColumn()
  @Field({ label: 'Created' })
  createdAt: Date;
}
