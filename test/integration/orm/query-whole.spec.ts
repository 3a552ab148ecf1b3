import { Injectable } from '@nestjs/common';
import {
  atomic,
  Count,
  F,
  hiddenAnnotations,
  manager,
  Model,
  Objects,
  onCommit,
  Prefetch,
  Q,
  Rank,
  Window,
  type QuerySet,
} from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { inScope } from './model.world.js';

@Entity()
class Team {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity()
class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToOne(() => Team) team: Relation<Team>;
}

@Entity()
class Tag {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) label: string;
}

@Entity()
class Post extends Model {
  static readonly objects = manager(Post);

  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) title: string;
  @Column({ length: 10 }) status: 'live' | 'draft' | 'gone';
  @Column({ default: 0 }) views: number;
  @Column({ default: 10 }) stock: number;
  @DeleteDateColumn() deletedAt: Date | null;
  @ManyToOne(() => Author) author: Relation<Author>;
  @ManyToMany(() => Tag) @JoinTable() tags: Relation<Tag>[];
  @OneToMany(() => Comment, (comment) => comment.post) comments: Relation<Comment>[];
}

@Entity()
class Comment {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) text: string;
  @Column({ default: true }) approved: boolean;
  @ManyToOne(() => Post, (post) => post.comments, { onDelete: 'CASCADE' }) post: Relation<Post>;
}

@Injectable()
class PostService {
  constructor(@Objects(Post) private readonly posts: QuerySet<Post>) {}

  titles(): Promise<string[]> {
    return this.posts.orderBy('title').flat('title').all();
  }
}

/** What the language of queries is for, in the lines that a user writes. */
describe('a query as a whole', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let spam: Tag;

    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [Team, Author, Tag, Post, Comment],
        providers: [PostService],
      });
      const { db } = app;
      const [ops, art] = await db.objects(Team).bulkCreate([{ name: 'DevOps' }, { name: 'Art' }]);
      const [ann, bob, cid] = await db.objects(Author).bulkCreate([
        { name: 'Ann', team: ops! },
        { name: 'Bob', team: ops! },
        { name: 'Cid', team: art! },
      ]);
      const [first, second] = await db.objects(Tag).bulkCreate([{ label: 'spam' }, { label: 'node' }]);
      spam = first!;
      const posts = await db.objects(Post).bulkCreate([
        { title: 'A', status: 'live', views: 5, author: ann! },
        { title: 'B', status: 'draft', views: 9, author: ann! },
        { title: 'C', status: 'live', views: 7, author: bob! },
        { title: 'D', status: 'live', views: 1, author: bob! },
        { title: 'E', status: 'gone', views: 1, author: ann! },
        { title: 'F', status: 'live', views: 1, author: cid! },
      ]);
      await db.related(posts[3]!, 'tags').add(spam);
      await db.related(posts[0]!, 'tags').add(second!);
      await db.objects(Comment).bulkCreate(
        [
          [0, 'one', true],
          [0, 'two', true],
          [0, 'no', false],
          [2, 'three', true],
        ].map(([post, text, approved]) => ({
          post: posts[post as number]!,
          text: text as string,
          approved: approved as boolean,
        })),
      );
    });
    afterAll(async () => {
      await app?.close();
    });

    it('filters, annotates, loads and orders', async () => {
      await inScope(app, async () => {
        const recent = app.db.objects(Comment).filter({ approved: true }).orderBy('-id');
        const posts = await Post.objects
          .filter({ 'author.team.name__icontains': 'ops', status__in: ['live', 'draft'] })
          .exclude(Q({ tags: spam }).or({ deletedAt__isnull: false }))
          .annotate({
            comments: Count('comments', { filter: Q({ 'comments.approved': true }) }),
            rank: Window(Rank(), { partitionBy: 'author', orderBy: '-views' }),
          })
          .selectRelated('author')
          .prefetchRelated('tags', Prefetch('comments', { query: recent }))
          .orderBy('-comments', 'title')
          .all();
        expect(
          posts.map((post) => [
            post.title,
            post.author.name,
            post.tags.map(({ label }) => label),
            post.comments.map(({ text }) => text),
            post.rank,
            hiddenAnnotations(post),
          ]),
        ).toEqual([
          ['A', 'Ann', ['node'], ['two', 'one'], 2, { comments: 2 }],
          ['C', 'Bob', [], ['three'], 1, { comments: 1 }],
          ['B', 'Ann', [], [], 1, { comments: 0 }],
        ]);
      });
    });

    it('changes what is stored, and tells when it has', async () => {
      await inScope(app, async () => {
        const told: string[] = [];
        await atomic(async () => {
          await onCommit(() => told.push('done'));
          expect(await Post.objects.filter({ title: 'A' }).update({ stock: F('stock').minus(1) })).toBe(1);
          expect(told).toEqual([]);
        });
        expect(told).toEqual(['done']);
        expect(await Post.objects.filter({ title: 'A' }).flat('stock').get()).toBe(9);
      });
    });

    it('is injected', async () => {
      expect(await app.get(PostService).titles()).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    });
  });
});
