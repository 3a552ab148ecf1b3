import { Database, DoesNotExistError, ForeignKeyError, QueryUsageError } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Award, Blog, BLOGS, emptyBlogs, Post, Remark } from './model.world.js';

describe('rows with a deletion date', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: BLOGS });
      db = app.db;
    });
    afterAll(() => app.close());
    beforeEach(() => emptyBlogs(app));

    const blog = (name = 'Birds'): Promise<Blog> => db.save(Object.assign(new Blog(), { name }));
    const post = (title: string, values: Partial<Post> = {}): Promise<Post> =>
      db.save(Object.assign(new Post(), { title, ...values }));
    const titles = (rows = db.objects(Post)): Promise<string[]> => rows.flat('title').all();

    it('are hidden by a deletion and come back', async () => {
      const [a] = [await post('A'), await post('B')];
      expect(await db.objects(Post).filter({ title: 'A' }).delete()).toBe(1);
      expect(await titles()).toEqual(['B']);
      expect(await titles(db.objects(Post).withTrashed())).toEqual(['A', 'B']);
      expect(await titles(db.objects(Post).onlyTrashed())).toEqual(['A']);
      await expect(db.objects(Post).get({ id: a.id })).rejects.toThrow(DoesNotExistError);
      expect(await db.objects(Post).estimatedCount()).toBe(1);
      expect(await db.objects(Post).filter({ id: a.id }).restore()).toBe(1);
      expect(await titles()).toEqual(['A', 'B']);
      expect(await db.objects(Post).restore()).toBe(0);
    });

    it('are asked for by key like others, also after a query for all', async () => {
      const { id } = await post('A');
      await db.objects(Post).withTrashed().get({ id });
      await db
        .objects(Blog)
        .withTrashed()
        .get({ id: (await blog()).id });
      await db.objects(Post).delete();
      await db.objects(Blog).delete();
      expect(await db.objects(Post).filter({ id }).all()).toEqual([]);
      expect(await db.objects(Blog).all()).toEqual([]);
      expect(await db.objects(Post).withTrashed().filter({ id }).count()).toBe(1);
    });

    it('are deleted for good when asked', async () => {
      await post('A');
      const { id } = await post('B');
      await db.objects(Post).delete();
      expect(await db.objects(Post).forceDelete()).toBe(0);
      expect(await db.objects(Post).onlyTrashed().filter({ id }).forceDelete()).toBe(1);
      expect(await titles(db.objects(Post).withTrashed())).toEqual(['A']);
    });

    it('take rows with a deletion date along by cascade, and bring back those alone that went with them', async () => {
      const [birds, nests] = [await blog(), await blog('Nests')];
      const early = await post('Early', { blog: birds });
      const [late, other] = [await post('Late', { blog: birds }), await post('Other', { blog: nests })];
      await db.save(Object.assign(new Remark(), { text: 'Nice', post: late }));
      await db.remove(early);
      await db.remove(birds);
      expect(await titles()).toEqual(['Other']);
      expect(await db.objects(Remark).count()).toBe(1);
      await db.restore(birds);
      expect(birds.deletedAt).toBeNull();
      expect(await titles()).toEqual(['Late', 'Other']);
      expect(await titles(db.objects(Post).onlyTrashed())).toEqual(['Early']);
      expect(other.deletedAt).toBeNull();
    });

    it('take along rows that another default scope hides', async () => {
      const birds = await blog();
      await post('Old', { blog: birds, archived: true });
      await db.objects(Blog).delete();
      expect(await db.objects(Post).onlyTrashed().withoutScopes('unarchived').count()).toBe(1);
      await db.objects(Blog).restore();
      expect(await db.objects(Post).withoutScopes('unarchived').count()).toBe(1);
    });

    it('stay when others forbid it, and nothing of the deletion is kept', async () => {
      const birds = await blog();
      const [a] = [await post('A', { blog: birds }), await post('B', { blog: birds })];
      const award = await db.save(Object.assign(new Award(), { name: 'Best', post: a }));
      const error = await db.remove(birds).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ForeignKeyError);
      expect(error).toMatchObject({ reason: 'referenced', fields: ['post'] });
      expect(await titles()).toEqual(['A', 'B']);
      await db.remove(award);
      await db.remove(birds);
      expect(await titles()).toEqual([]);
    });

    it('keep versions and loaded rows in step', async () => {
      const a = await post('A');
      await db.remove(a);
      expect(a.deletedAt).toBeInstanceOf(Date);
      expect(a.version).toBe(2);
      await db.restore(a);
      await db.save(Object.assign(a, { title: 'B' }));
      expect([a.version, a.deletedAt]).toEqual([4, null]);
      expect(await db.remove([])).toEqual([]);
    });

    it('are seen through a reference to one row, and not in a set of many', async () => {
      const birds = await blog();
      await post('A', { blog: birds });
      await post('B', { blog: birds });
      await db.objects(Post).filter({ title: 'B' }).delete();
      const [row] = await db.objects(Blog).prefetchRelated('posts').all();
      expect(row!.posts.map(({ title }) => title)).toEqual(['A']);
      await db.objects(Blog).filter({ id: birds.id }).update({ deletedAt: new Date() });
      for (const rows of [db.objects(Post).selectRelated('blog'), db.objects(Post).prefetchRelated('blog')])
        expect((await rows.get({ title: 'A' })).blog!.name).toBe('Birds');
    });

    it('are hidden from getOrCreate, from lists and counts of others', async () => {
      await post('A');
      await db.objects(Post).delete();
      const { created } = await db.objects(Post).getOrCreate({ title: 'A' });
      expect(created).toBe(true);
      expect((await db.objects(Post).inBulk()).size).toBe(1);
      expect((await db.objects(Post).page({ size: 5 })).rows).toHaveLength(1);
      expect(await db.objects(Post).withTrashed().count()).toBe(2);
    });

    it('say beforehand what goes along and what forbids it', async () => {
      const birds = await blog();
      const [a] = [await post('A', { blog: birds }), await post('B', { blog: birds, archived: true })];
      await db.remove(await post('Gone', { blog: birds }));
      await db.save(Object.assign(new Remark(), { text: 'Nice', post: a }));
      const award = await db.save(Object.assign(new Award(), { name: 'Best', post: a }));
      const effects = async () =>
        (await db.objects(Blog).deletionEffects()).map(({ kind, entity, count }) => `${kind} ${count} ${entity.name}`);
      expect(await effects()).toEqual(['delete 1 Blog', 'delete 2 Post', 'protect 1 Award']);
      await db.remove(award);
      expect(await effects()).toEqual(['delete 1 Blog', 'delete 2 Post']);
      expect(await db.objects(Remark).deletionEffects()).toMatchObject([{ kind: 'delete', count: 1 }]);
    });

    it('need a deletion date', async () => {
      expect(() => db.objects(Remark).withTrashed()).toThrow(QueryUsageError);
      expect(() => db.objects(Remark).onlyTrashed()).toThrow(/has no deletion date/);
      await expect(db.objects(Remark).restore()).rejects.toThrow(QueryUsageError);
      await expect(db.objects(Post).slice(0, 1).delete()).rejects.toThrow(QueryUsageError);
    });
  });
});
