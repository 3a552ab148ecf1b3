import { Injectable } from '@nestjs/common';
import { NoContextError } from 'bowerbird/core';
import { Database, Databases, DoesNotExistError, Objects, QuerySet, querySet, QueryUsageError } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Blog, BLOGS, emptyBlogs, inScope, Post, PostRows } from './model.world.js';

@Injectable()
class Reader {
  constructor(
    @Objects(Post) readonly posts: PostRows,
    @Objects(Blog) readonly blogs: QuerySet<Blog>,
  ) {}
}

describe('models', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: BLOGS, providers: [Reader] });
      db = app.db;
    });
    afterAll(() => app.close());
    beforeEach(() => emptyBlogs(app));

    const post = (title: string, values: Partial<Post> = {}): Promise<Post> =>
      db.save(Object.assign(new Post(), { title, ...values }));

    it('have their rows at hand inside of a scope, named scopes in any order', async () => {
      await post('A', { status: 'live', words: 10 });
      await post('B', { status: 'live', words: 99 });
      await post('C', { words: 99 });
      await inScope(app, async () => {
        expect(await Post.objects.count()).toBe(3);
        expect(await Post.objects.published().longerThan(50).flat('title').all()).toEqual(['B']);
        expect(await Post.objects.filter({ words: 99 }).published().orderBy('title').flat('title').all()).toEqual([
          'B',
        ]);
        expect(() => Post.objects.slice(0, 2).published()).toThrow(QueryUsageError);
      });
    });

    it('refuse to guess an application outside of one', async () => {
      expect(() => Post.objects.count()).toThrow(NoContextError);
      await expect(new Blog().save()).rejects.toThrow(NoContextError);
    });

    it('are injected, with their own class of query sets', async () => {
      const { posts, blogs } = app.get(Reader);
      await post('A', { status: 'live' });
      expect(posts).toBeInstanceOf(PostRows);
      expect(await posts.published().count()).toBe(1);
      expect(await blogs.count()).toBe(0);
      expect(db.objects(Post)).toBeInstanceOf(PostRows);
      expect(await db.objects(Post).published().exists()).toBe(true);
      expect(app.get(Databases).objects(Post)).toBeInstanceOf(PostRows);
      expect(await inScope(app, () => querySet(Post).published().count())).toBe(1);
    });

    it('serve as the value of a lookup, and read each other', async () => {
      const blog = await db.save(Object.assign(new Blog(), { name: 'Birds' }));
      await post('A', { blog });
      await inScope(app, async () => {
        expect(await Post.objects.filter({ blog__in: Blog.objects.filter({ name: 'Birds' }) }).count()).toBe(1);
        expect(await Blog.objects.filter({ 'posts.title': 'A' }).count()).toBe(1);
        expect(await Post.objects.scope((posts, words: number) => posts.longerThan(words), 5).count()).toBe(0);
        for await (const row of Post.objects) expect(row.shout).toBe('A!');
      });
    });

    it('save, read again and delete themselves', async () => {
      await inScope(app, async () => {
        const blog = await Object.assign(new Blog(), { name: 'Birds' }).save();
        await Blog.objects.filter({ id: blog.id }).update({ name: 'Nests' });
        expect((await blog.refresh()).name).toBe('Nests');
        blog.name = 'Eggs';
        await blog.save({ fields: ['name'] });
        expect((await blog.refresh(['name'])).name).toBe('Eggs');
        const copy = blog.replicate();
        expect([copy.id, copy.name]).toEqual([undefined, 'Eggs']);
        await blog.delete();
        expect(blog.deletedAt).toBeInstanceOf(Date);
        expect(await Blog.objects.count()).toBe(0);
        await blog.restore();
        expect([blog.deletedAt, await Blog.objects.count()]).toEqual([null, 1]);
        await blog.forceDelete();
        expect(await Blog.objects.withTrashed().count()).toBe(0);
        await expect(Object.assign(new Blog(), { id: 999 }).refresh()).rejects.toThrow(DoesNotExistError);
      });
    });

    it('keep the class of their query sets in a copy of another one', async () => {
      expect(db.objects(Post).untyped().typed(Post).as(PostRows).published()).toBeInstanceOf(PostRows);
    });

    it('choose the latest row by what the entity names', async () => {
      await post('A', { words: 3 });
      await post('B', { words: 9 });
      await post('C', { words: 1 });
      expect((await db.objects(Post).latest()).title).toBe('B');
      expect((await db.objects(Post).earliest()).title).toBe('C');
      expect((await db.objects(Post).latest('-words')).title).toBe('C');
      await expect(db.objects(Blog).latest()).rejects.toThrow(/does not say by what/);
    });
  });
});
