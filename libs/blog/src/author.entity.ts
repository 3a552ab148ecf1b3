import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { IsEmail, MinLength } from 'class-validator';
import { Column, Entity, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

import { Post } from './post.entity.js';

/** Somebody who writes posts. */
@Entity('blog_author')
@Meta({ ordering: ['name'], display: 'name', audited: true })
@Admin({
  list: ['name', 'email', 'joined', 'active'],
  search: ['name', 'email'],
  filters: ['active', 'joined'],
  ordering: ['name'],
})
export class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  @MinLength(2)
  name: string;

  @Column({ length: 254, unique: true })
  @IsEmail()
  @Field({ format: 'email' })
  email: string;

  @Column({ length: 200, default: '' })
  @Field({ format: 'url', blank: true, help: 'A page about the author' })
  website: string;

  @Column({ type: 'text', default: '' })
  @Field({ blank: true, label: 'Biography' })
  bio: string;

  @Column({ type: 'date' })
  joined: string;

  @Column({ default: true })
  @Field({ help: 'Inactive authors keep their posts but write no new ones' })
  active: boolean;

  @OneToMany(() => Post, (post) => post.author)
  posts: Relation<Post>[];
}
