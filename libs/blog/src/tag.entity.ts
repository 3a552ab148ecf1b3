import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { Column, Entity, ManyToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

import { Post } from './post.entity.js';

/** A subject that posts are filed under. */
@Entity('blog_tag')
@Meta({ ordering: ['name'], display: 'name' })
@Admin({ list: ['name', 'slug', 'color'], search: ['name'], prepopulated: { slug: ['name'] }, ordering: ['name'] })
export class Tag {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40, unique: true })
  name: string;

  @Column({ length: 40, unique: true })
  @Field({ format: 'slug' })
  slug: string;

  @Column({ length: 7, default: '#64748b' })
  @Field({ format: 'color' })
  color: string;

  @ManyToMany(() => Post, (post) => post.tags)
  posts: Relation<Post>[];
}
