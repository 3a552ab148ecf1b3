import { Group, Permission, User } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { createTestApp, type FormFields, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { make } from './library.js';
import { ShopModule } from './shop.js';

const PASSWORD = 'another-long-password-42';
const MANAGE = ['auth.view_user', 'auth.add_user', 'auth.change_user', 'auth.view_group', 'auth.change_group'];

let app: TestApp;
let root: TestClient;
let manager: TestClient;
const db = () => app.get(Database);

beforeAll(async () => {
  app = await createTestApp(
    { apps: [ShopModule], auth: { loginUrl: '/accounts/login/?from=admin' } },
    { schema: 'none' },
  );
  await db().dataSource.synchronize();
  root = await app.login();
  for (const codename of [
    ...MANAGE,
    'auth.delete_group',
    'shop.view_product',
    'shop.change_product',
    'gone.view_thing',
  ])
    await db().save(make(Permission, { codename, label: `May ${codename.replace('.', ' ')}`, app: 'Shop' }));
  manager = await staff('manager@example.com', [...MANAGE, 'shop.view_product']);
}, 60_000);
afterAll(() => app?.close());

const permission = (codename: string): Promise<Permission> => app.objects(Permission).get({ codename });
const user = (email: string): Promise<User> =>
  app.objects(User).prefetchRelated('groups', 'permissions').get({ email });
const page = ({ id }: { id: number | string }, name = 'change', entity = 'user'): string =>
  `/admin/auth/${entity}/${id}/${name}/`;
const codenames = (rows: readonly Permission[]): readonly string[] => rows.map(({ codename }) => codename).sort();

async function staff(email: string, granted: readonly string[]): Promise<TestClient> {
  const made = await app.createUser({ email, isStaff: true });
  made.permissions = await Promise.all(granted.map(permission));
  await db().save(made);
  return app.login({ email });
}

async function post(client: TestClient, url: string, form: FormFields): Promise<number> {
  const version = (await client.get(url)).field('_version');
  return (await client.post(url, { ...form, _version: version })).status;
}

describe('permissions on a form', () => {
  it('are a table per app, with a line for each entity and a box for each action', async () => {
    const { text } = await root.get('/admin/auth/group/add/');
    expect(text).toContain('Permissions of Shop');
    expect(text).toMatch(
      /Products<\/span><\/th>\s*<td>\s*<label><input type="checkbox"[^>]*title="May shop view_product"/,
    );
    expect(text).toContain('Of entities that are gone');
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });

  it('are saved without scripts, and kept when nothing changes', async () => {
    const [view, change] = [await permission('shop.view_product'), await permission('shop.change_product')];
    const answer = await root.submit('/admin/auth/group/add/', { name: 'Editors', permissions: [view.id, change.id] });
    expect(answer.status).toBe(303);
    const group = await app.objects(Group).prefetchRelated('permissions').get({ name: 'Editors' });
    expect(codenames(group.permissions)).toEqual(['shop.change_product', 'shop.view_product']);
    const { text } = await root.get(page(group, 'change', 'group'));
    expect(text.match(/<input type="checkbox"[^>]*name="permissions"[^>]* checked/g)).toHaveLength(2);
    expect(await post(root, page(group, 'change', 'group'), { name: 'Editors' })).toBe(303);
    expect((await app.objects(Group).prefetchRelated('permissions').get({ name: 'Editors' })).permissions).toEqual([]);
  });

  it('cost the same however many there are', async () => {
    const few = await app.queries(() => root.get('/admin/auth/group/add/'));
    await db().save(
      Array.from({ length: 600 }, (_, index) =>
        make(Permission, { codename: `gone.do_${index}`, label: `Do ${index}`, app: 'Gone' }),
      ),
    );
    const many = await app.queries(() => root.get('/admin/auth/group/add/'));
    expect(many.length).toBeLessThanOrEqual(few.length);
    expect(many.length).toBeLessThanOrEqual(8);
    await app.objects(Permission).filter({ codename__startswith: 'gone.do_' }).delete();
  });

  it('that do not exist are refused', async () => {
    const group = await db().save(make(Group, { name: 'Odd' }));
    for (const forged of ['999999', 'abc', "1' or 1=1"])
      expect(await post(root, page(group, 'change', 'group'), { name: 'Odd', permissions: [forged] })).toBe(422);
  });
});

describe('somebody who may change accounts', () => {
  it('gives and takes the permissions that they have themselves, and no others', async () => {
    const [view, change] = [await permission('shop.view_product'), await permission('shop.change_product')];
    const made = await app.createUser({ email: 'worker@example.com' });
    const form = await manager.get(page(made));
    expect(form.text).toMatch(new RegExp(`value="${view.id}"[^>]*aria-label="May shop view_product"(?![^>]*disabled)`));
    expect(form.text).toMatch(new RegExp(`value="${change.id}"[^>]*disabled`));
    const values = { email: made.email, isActive: 'true' };
    expect(await post(manager, page(made), { ...values, permissions: [view.id] })).toBe(303);
    expect(codenames((await user(made.email)).permissions)).toEqual(['shop.view_product']);
    expect(await post(manager, page(made), { ...values, permissions: [change.id] })).toBe(422);
    expect(codenames((await user(made.email)).permissions)).toEqual(['shop.view_product']);
    expect(await post(manager, page(made), values)).toBe(303);
    expect((await user(made.email)).permissions).toEqual([]);
  });

  it('cannot give them to themselves either', async () => {
    const self = await user('manager@example.com');
    const change = await permission('shop.change_product');
    const kept = self.permissions.map(({ id }) => id);
    const values = { email: self.email, isActive: 'true', isSuperuser: 'true' };
    expect(await post(manager, page(self), { ...values, permissions: [...kept, change.id] })).toBe(422);
    expect(await post(manager, page(self), { ...values, permissions: kept })).toBe(303);
    const saved = await user(self.email);
    expect([saved.isSuperuser, saved.isStaff, saved.permissions.length]).toEqual([false, true, kept.length]);
  });

  it('puts people only into groups that hold nothing more', async () => {
    const [view, change] = [await permission('shop.view_product'), await permission('shop.change_product')];
    const readers = await db().save(make(Group, { name: 'Readers', permissions: [view] }));
    const writers = await db().save(make(Group, { name: 'Writers', permissions: [view, change] }));
    const made = await app.createUser({ email: 'reader@example.com' });
    const form = await manager.get(page(made));
    expect(form.text).toContain('Readers');
    expect(form.text).not.toContain('Writers');
    const values = { email: made.email, isActive: 'true' };
    expect(await post(manager, page(made), { ...values, groups: [writers.id] })).toBe(422);
    expect(await post(manager, page(made), { ...values, groups: [readers.id] })).toBe(303);
    expect((await user(made.email)).groups.map(({ name }) => name)).toEqual(['Readers']);
  });

  it('leaves what they cannot give to a group as it is', async () => {
    const [view, change] = [await permission('shop.view_product'), await permission('shop.change_product')];
    const group = await db().save(make(Group, { name: 'Mixed', permissions: [change] }));
    const url = page(group, 'change', 'group');
    expect(await post(manager, url, { name: 'Mixed', permissions: [view.id] })).toBe(303);
    const saved = () => app.objects(Group).prefetchRelated('permissions').get({ name: 'Mixed' });
    expect(codenames((await saved()).permissions)).toEqual(['shop.change_product', 'shop.view_product']);
    expect(await post(manager, url, { name: 'Mixed' })).toBe(303);
    expect(codenames((await saved()).permissions)).toEqual(['shop.change_product']);
  });

  it('is needed for adding them too', async () => {
    const adder = await staff('adder@example.com', ['auth.add_user', 'auth.view_user']);
    expect((await adder.get('/admin/auth/user/add/')).status).toBe(403);
    expect((await adder.post('/admin/auth/user/add/', { email: 'x@example.com' })).status).toBe(403);
    expect((await adder.get('/admin/auth/user/')).text).not.toContain('/admin/auth/user/add/');
  });
});

describe('the password of an account', () => {
  it('is described on its page, never shown', async () => {
    const made = await app.createUser({ email: 'secret@example.com' });
    const { text } = await root.get(page(made));
    expect(text).toContain('Set, stored with scrypt');
    expect(text).not.toContain(made.password);
    expect(text).not.toMatch(/name="password/);
    expect((await root.get(page(made, 'history'))).text).not.toContain(made.password);
    expect((await root.get('/admin/auth/user/?password__startswith=%24scrypt')).status).toBe(302);
  });

  it('can be taken away, which ends the sessions of the account', async () => {
    const client = await staff('leaver@example.com', ['auth.view_user']);
    const made = await user('leaver@example.com');
    expect((await root.submit(page(made, 'password'), {})).status).toBe(303);
    expect((await client.get('/admin/')).status).toBe(303);
    expect((await root.get(page(made))).text).toContain('None; nobody can log in with one');
  });

  it('is not taken away by mistake, nor from oneself', async () => {
    const made = await app.createUser({ email: 'stays@example.com' });
    expect(
      (await root.submit(page(made, 'password'), { newPassword: PASSWORD, newPasswordAgain: PASSWORD })).status,
    ).toBe(422);
    expect((await user('stays@example.com')).password).toBe(made.password);
    const self = await user('manager@example.com');
    expect((await manager.submit(page(self, 'password'), {})).status).toBe(422);
    const changed = await manager.submit(page(self, 'password'), {
      usablePassword: 'true',
      newPassword: PASSWORD,
      newPasswordAgain: PASSWORD,
    });
    expect(changed.status).toBe(303);
    expect((await manager.get('/admin/')).status).toBe(200);
  });
});

describe('the account menu', () => {
  it('leads to the account pages wherever people log in', async () => {
    const { text } = await root.get('/admin/');
    expect(text).toContain('href="/accounts/password/"');
    expect(text).toContain('action="/accounts/logout/"');
  });
});

describe('recent changes on the index', () => {
  it('link to what there is, and not to what is gone', async () => {
    const fred = await app.login();
    await fred.submit('/admin/auth/group/add/', { name: 'Kept' });
    await fred.submit('/admin/auth/group/add/', { name: 'Dropped' });
    const [kept, dropped] = [
      await app.objects(Group).get({ name: 'Kept' }),
      await app.objects(Group).get({ name: 'Dropped' }),
    ];
    await fred.submit(page(dropped, 'delete', 'group'), { confirm: 1 });
    const { text } = await fred.get('/admin/');
    expect(text).toContain(`href="${page(kept, 'change', 'group')}">Kept</a>`);
    expect(text).toMatch(/Deleted group/);
    expect(text).not.toContain(page(dropped, 'change', 'group'));
  });
});
