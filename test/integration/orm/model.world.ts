import { APPLICATION, runWith } from 'bowerbird/core';
import { DefaultScope, manager, Meta, Model, QuerySet } from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  VersionColumn,
  type Relation,
} from 'typeorm';

import { type OrmTestApp } from '../../support/databases.js';

export class PostRows extends QuerySet<Post> {
  published(): this {
    return this.filter({ status: 'live' });
  }

  longerThan(words: number): this {
    return this.filter({ words__gt: words });
  }
}

@Entity()
export class Blog extends Model {
  static readonly objects = manager(Blog);

  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
  @DeleteDateColumn() deletedAt: Date | null;
  @OneToMany(() => Post, (post) => post.blog) posts: Relation<Post>[];
}

@Entity()
@Meta({ ordering: ['title'], latestBy: 'words' })
@DefaultScope<Post>('unarchived', { archived: false })
export class Post extends Model {
  static readonly objects = manager(Post, PostRows);

  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) title: string;
  @Column({ length: 10, default: 'draft' }) status: 'draft' | 'live';
  @Column({ default: 0 }) words: number;
  @Column({ default: false }) archived: boolean;
  @VersionColumn() version: number;
  @DeleteDateColumn() deletedAt: Date | null;
  @ManyToOne(() => Blog, (blog) => blog.posts, { onDelete: 'CASCADE', nullable: true }) blog: Relation<Blog> | null;
  @OneToMany(() => Remark, (remark) => remark.post) remarks: Relation<Remark>[];

  get shout(): string {
    return `${this.title}!`;
  }
}

/** Goes with its post for good only: it has no deletion date. */
@Entity()
export class Remark {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) text: string;
  @ManyToOne(() => Post, (post) => post.remarks, { onDelete: 'CASCADE' }) post: Relation<Post>;
}

/** Forbids that its post is deleted. */
@Entity()
export class Award {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
  @DeleteDateColumn() deletedAt: Date | null;
  @ManyToOne(() => Post, { onDelete: 'RESTRICT' }) post: Relation<Post>;
}

export const BLOGS = [Blog, Post, Remark, Award];

/** Runs work as a request or a job would. */
export function inScope<R>(app: OrmTestApp, work: () => R): R {
  return runWith(APPLICATION, { get: (token) => app.get(token) }, work);
}

/** Removes every row. */
export async function emptyBlogs(app: OrmTestApp): Promise<void> {
  for (const entity of [Award, Remark, Post, Blog]) await app.db.objects<object>(entity).withoutScopes().forceDelete();
}
