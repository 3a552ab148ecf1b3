import { Group, Permission, User } from 'bowerbird/auth';
import { Database } from 'bowerbird/orm';
import { TEST_PASSWORD, type FormFields, type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { bootLibrary, make, staff } from './library.js';

const ADD = '/admin/auth/user/add/';
const MANAGE = [
  'auth.view_user',
  'auth.add_user',
  'auth.change_user',
  'auth.delete_user',
  'auth.view_group',
  'auth.change_group',
];

let app: TestApp;
let root: TestClient;
let manager: TestClient;

beforeAll(async () => {
  app = await bootLibrary();
  root = await app.login();
  manager = await staff(app, 'manager@example.com', MANAGE);
});
afterAll(() => app?.close());

const user = (email: string): Promise<User> =>
  app.objects(User).prefetchRelated('groups', 'permissions').get({ email });
const page = ({ id }: User, name = 'change'): string => `/admin/auth/user/${id}/${name}/`;
const account = (email: string, more: FormFields = {}): FormFields => ({
  email,
  usablePassword: 'true',
  newPassword: TEST_PASSWORD,
  newPasswordAgain: TEST_PASSWORD,
  ...more,
});

async function edit(client: TestClient, who: User, more: FormFields): Promise<number> {
  const { email, firstName, lastName, isStaff } = who;
  const version = (await client.get(page(who))).field('_version');
  const answer = await client.post(page(who), {
    email,
    firstName,
    lastName,
    isActive: 'true',
    isStaff: isStaff ? 'true' : undefined,
    _version: version,
    ...more,
  });
  return answer.status;
}

it('adds an account in two steps, with a password that is typed twice, judged and hashed', async () => {
  for (const wrong of [
    { newPasswordAgain: 'other' },
    { newPassword: 'short', newPasswordAgain: 'short' },
    { email: 'no address' },
  ]) {
    const answer = await root.submit(ADD, account('new@example.com', wrong));
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain(TEST_PASSWORD);
  }
  const answer = await root.submit(ADD, account('New@Example.com'));
  const made = await user('new@example.com');
  expect([answer.status, answer.location]).toEqual([303, page(made)]);
  expect(made.password).toMatch(/^\$scrypt\$/);
  expect([made.isStaff, made.isSuperuser]).toEqual([false, false]);
  await app.login({ email: 'new@example.com' });
  expect((await root.submit(ADD, account('new@example.com'))).status).toBe(422);
});

it('edits groups and permissions, and never shows the hash', async () => {
  const db = app.get(Database);
  const made = await app.createUser({ email: 'groups@example.com' });
  const group = await db.save(make(Group, { name: 'Editors' }));
  const [permission] = await app.objects(Permission).slice(0, 1).all();
  const form = await root.get(page(made as User));
  expect(form.text).not.toContain('$scrypt$');
  expect(await edit(root, made as User, { groups: [group.id], permissions: [permission!.id], isStaff: 'true' })).toBe(
    303,
  );
  const saved = await user('groups@example.com');
  expect([saved.groups.length, saved.permissions.length, saved.isStaff, saved.password]).toEqual([
    1,
    1,
    true,
    made.password,
  ]);
});

it('sets the password of an account, which ends its sessions', async () => {
  const made = (await app.createUser({ email: 'forgot@example.com', isStaff: true })) as User;
  const client = await app.login({ email: 'forgot@example.com' });
  expect((await root.get(page(made))).text).toContain(page(made, 'password'));
  expect((await root.submit(page(made, 'password'), { newPassword: 'a', newPasswordAgain: 'b' })).status).toBe(422);
  const password = 'another-long-password-42';
  const answer = await root.submit(page(made, 'password'), {
    usablePassword: 'true',
    newPassword: password,
    newPasswordAgain: password,
  });
  expect([answer.status, answer.location]).toEqual([303, page(made)]);
  expect((await client.get('/admin/')).location).toContain('/accounts/login/');
  await app.login({ email: 'forgot@example.com', password });
  expect((await root.get('/admin/auth/user/99999/password/')).status).toBe(303);
});

it('lets superusers alone make superusers and staff', async () => {
  const made = (await app.createUser({ email: 'plain@example.com' })) as User;
  const self = await user('manager@example.com');
  for (const who of [made, self]) {
    const permissions = who.permissions?.map(({ id }) => id) ?? [];
    expect(await edit(manager, who, { isSuperuser: 'true', isStaff: 'true', permissions, firstName: 'Forged' })).toBe(
      303,
    );
    const saved = await user(who.email);
    expect([saved.isSuperuser, saved.isStaff, saved.firstName]).toEqual([false, who === self, 'Forged']);
  }
});

it('lets nobody change or take over an account that may do more than they', async () => {
  await staff(app, 'strong@example.com', ['library.delete_book']);
  const strong = await user('strong@example.com');
  strong.isActive = false;
  await app.get(Database).save(strong);
  const boss = await app.objects(User).filter({ isSuperuser: true }).first();
  for (const who of [strong, boss!]) {
    expect((await manager.get(page(who))).text).toContain('View only');
    expect((await manager.post(page(who), { email: 'taken@example.com' })).status).toBe(403);
    expect((await manager.get(page(who, 'password'))).status).toBe(403);
    expect((await manager.post(page(who, 'password'), { newPassword: TEST_PASSWORD })).status).toBe(403);
    expect((await manager.get(page(who, 'delete'))).status).toBe(403);
  }
});
