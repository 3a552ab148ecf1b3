import { Group, Permission, permissionFor, Permissions, User, type AbstractUser } from 'bowerbird/auth';
import { Database, Descriptions, Migrator } from 'bowerbird/orm';
import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Book, createAuthApp } from './auth-app.js';

describe('permissions', () => {
  let app: TestApp;
  let permissions: Permissions;

  beforeAll(async () => {
    app = await createAuthApp();
    permissions = app.get(Permissions);
  });
  afterAll(() => app.close());

  const granted = (...codenames: string[]) =>
    app.run(() => app.objects(Permission).filter({ codename__in: codenames }).all());
  const give = async (user: AbstractUser | Group, ...codenames: string[]) => {
    const rows = await granted(...codenames);
    await app.run(() =>
      app
        .get(Database)
        .related(user, 'permissions')
        .add(...rows),
    );
  };
  /** The row as the next request sees it. */
  const reload = (user: AbstractUser) => app.run(() => app.objects(User).get({ id: user.id as number }));
  const has = (user: AbstractUser | null, codename: string, object?: object) =>
    app.run(() => permissions.has(user, codename, object));

  describe('made by migrate', () => {
    it('are view, add, change and delete for every entity, and those that it declares', async () => {
      const rows = await app.run(() => app.objects(Permission).filter({ codename__startswith: 'shelf.' }).all());
      expect(Object.fromEntries(rows.map(({ codename, label }) => [codename, label]))).toEqual({
        'shelf.add_book': 'Can add book',
        'shelf.change_book': 'Can change book',
        'shelf.delete_book': 'Can delete book',
        'shelf.publish_book': 'Can publish books',
        'shelf.view_book': 'Can view book',
      });
      expect(rows[0]!.title()).toBe('Shelf: Can add book');
    });

    it('are not made twice, and those of entities that are gone stay', async () => {
      const stale = Object.assign(new Permission(), {
        codename: 'gone.view_thing',
        label: 'Can view thing',
        app: 'Gone',
      });
      await app.run(() => app.get(Database).save(stale));
      const before = await app.run(() => app.objects(Permission).count());
      await app.run(() => app.get(Migrator).syncSchema());
      expect(await app.run(() => app.objects(Permission).count())).toBe(before);
    });

    it('have the codename that permissionFor() tells', () => {
      expect(permissionFor('change', app.get(Descriptions).of(Book))).toBe('shelf.change_book');
    });
  });

  describe('of a user', () => {
    it('come from the user and from all groups, in one query', async () => {
      const user = await app.createUser({ email: 'grouped@example.com' });
      const group = Object.assign(new Group(), { name: 'Editors' });
      await app.run(() => app.get(Database).save(group));
      await give(group, 'shelf.change_book', 'shelf.view_book');
      await give(user, 'shelf.add_book', 'shelf.view_book');
      await app.run(() => app.get(Database).related(user, 'groups').add(group));

      const fresh = await reload(user);
      const statements = await app.queries(async () => {
        expect([...(await permissions.all(fresh))].sort()).toEqual([
          'shelf.add_book',
          'shelf.change_book',
          'shelf.view_book',
        ]);
        expect(await has(fresh, 'shelf.view_book')).toBe(true);
        expect(await has(fresh, 'shelf.delete_book')).toBe(false);
      });
      expect(statements).toHaveLength(1);
    });

    it('are all for superusers, without a query to decide', async () => {
      const user = await app.createUser({ email: 'super@example.com', isSuperuser: true });
      const statements = await app.queries(async () => {
        expect(await has(user, 'shelf.delete_book')).toBe(true);
        expect(await has(user, 'not.even_real')).toBe(true);
      });
      expect(statements).toEqual([]);
      expect((await app.run(() => permissions.all(user))).has('shelf.publish_book')).toBe(true);
    });

    it('are none for inactive users, superusers included, and for visitors', async () => {
      const user = await app.createUser({ email: 'off@example.com', isSuperuser: true, isActive: false });
      expect(await has(user, 'shelf.view_book')).toBe(false);
      expect((await app.run(() => permissions.all(user))).size).toBe(0);
      expect(await has(null, 'shelf.view_book')).toBe(false);
    });
  });

  describe('with policies', () => {
    const book = (values: Partial<Book>) => Object.assign(new Book(), { title: 'A Book', owner: '', ...values });
    const may = (user: AbstractUser, action: 'change' | 'delete', object?: Book) =>
      app.run(() => permissions.may(user, action, Book, object));

    it('are granted by a policy without a permission', async () => {
      const user = await app.createUser({ email: 'owner@example.com' });
      expect(await may(user, 'change', book({ owner: 'owner@example.com' }))).toBe(true);
      expect(await may(user, 'change', book({ owner: 'other@example.com' }))).toBe(false);
      expect(await may(user, 'change')).toBe(false);
    });

    it('fall back to the permission where no policy answers', async () => {
      const user = await app.createUser({ email: 'editor@example.com' });
      await give(user, 'shelf.change_book', 'shelf.delete_book');
      expect(await may(user, 'change', book({ owner: 'other@example.com' }))).toBe(true);
      expect(await may(user, 'delete', book({}))).toBe(true);
    });

    it('are denied when one policy denies, whatever others say', async () => {
      const user = await app.createUser({ email: 'ruler@example.com' });
      await give(user, 'shelf.change_book', 'shelf.delete_book');
      const rules = book({ title: 'The Rules', owner: 'ruler@example.com' });
      expect(await may(user, 'change', rules)).toBe(false);
      expect(await may(user, 'delete', rules)).toBe(false);
    });

    it('narrow lists to what the user may see', async () => {
      const user = await app.createUser({ email: 'reader@example.com' });
      await app.run(() =>
        app.get(Database).save([book({ owner: 'reader@example.com' }), book({ owner: 'else@example.com' })]),
      );
      const seen = (who: AbstractUser | null) => app.run(() => permissions.scope(who, Book, app.objects(Book)).count());
      expect(await seen(user)).toBe(1);
      expect(await seen(null)).toBe(0);
      expect(await seen(await app.createUser({ email: 'all@example.com', isSuperuser: true }))).toBe(2);
    });
  });
});
