import { Field, Meta } from 'bowerbird/orm';
import { IsEmail } from 'class-validator';
import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';

import { Post } from './post.entity.js';

/** What a reader says about a post. */
@Entity('blog_comment')
@Meta({ ordering: ['-createdAt'], display: 'excerpt' })
export class Comment {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Post, (post) => post.comments, { onDelete: 'CASCADE', nullable: false })
  post: Relation<Post>;

  @Column({ length: 80 })
  name: string;

  @Column({ length: 254 })
  @IsEmail()
  @Field({ format: 'email', help: 'Never shown to readers' })
  email: string;

  @Column({ type: 'text' })
  body: string;

  @Column({ default: false })
  approved: boolean;

  @CreateDateColumn()
  @Field({ label: 'Written' })
  createdAt: Date;

  /** The beginning of the text, by which the comment is known in lists. */
  excerpt(): string {
    return this.body.length > 60 ? `${this.body.slice(0, 59)}…` : this.body;
  }
}
