import { Module } from '@nestjs/common';
import {
  AbstractUser,
  Auth,
  currentUser,
  Group,
  LoginAttempt,
  Permission,
  Permissions,
  User,
  Users,
} from 'bowerbird/auth';
import { CommandRegistry } from 'bowerbird/core';
import { App, Database, MigrationMaker } from 'bowerbird/orm';
import { createTestApp, RecordingIo, TEST_PASSWORD, type TestApp } from 'bowerbird/testing';
import { DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, eachDatabase } from '../../support/databases.js';
import { CHEAP } from './auth-app.js';

@Entity('members_member')
class Member extends AbstractUser {
  @PrimaryGeneratedColumn('uuid')
  id: string;
}

@App({ name: 'members', entities: [Member], migrations: false })
@Module({})
class MembersModule {}

eachDatabase((database) => {
  describe('accounts', () => {
    let app: TestApp;

    beforeAll(async () => {
      app = await createTestApp({ database: database.url, auth: { hashers: [CHEAP] } }, { schema: 'migrate' });
    });
    afterAll(() => app.close());

    const users = () => app.get(Users);
    const run = <T>(work: () => T) => app.run(work);

    it('have migrations that make exactly what the entities say', async () => {
      const io = new RecordingIo();
      const { command } = app.get(CommandRegistry).get('makemigrations');
      const code = await run(() => command.run({ args: { apps: ['auth'] }, options: { check: true } }, io));
      expect([code, io.output]).toEqual([0, ['No changes detected.']]);
      expect(app.get(MigrationMaker)).toBeDefined();
    });

    it('are stored with their address in one spelling', async () => {
      const user = await run(() => users().createUser({ email: ' Ann.Meyer@Example.COM ', password: TEST_PASSWORD }));
      expect(user.email).toBe('ann.meyer@example.com');
      expect(await run(() => users().findByEmail('ANN.MEYER@example.com'))).toMatchObject({ id: user.id });
      expect(await run(() => users().findById(user.id))).toMatchObject({ email: 'ann.meyer@example.com' });
    });

    it('do not share an address, whatever its case and whoever writes it', async () => {
      await run(() => users().createUser({ email: 'shared@example.com' }));
      await expect(run(() => users().createUser({ email: 'Shared@Example.com' }))).rejects.toMatchObject({
        code: 'auth.duplicate_email',
        status: 409,
      });
      const copy = Object.assign(new User(), { email: 'SHARED@example.com', password: '!' });
      await expect(run(() => app.get(Database).save(copy))).rejects.toMatchObject({ code: 'orm.unique' });
    });

    it('of ten parallel sign-ups with one address one is made', async () => {
      const outcome = await Promise.allSettled(
        Array.from({ length: 10 }, () => run(() => users().createUser({ email: 'race@example.com' }))),
      );
      expect(outcome.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons = outcome.flatMap((one) =>
        one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
      );
      expect(new Set(reasons)).toEqual(new Set(['auth.duplicate_email']));
    });

    it.each(['nonsense', '', 'a\u0000@example.com', `${'x'.repeat(300)}@example.com`])(
      'are not made with the address %j',
      async (email) => {
        await expect(run(() => users().createUser({ email }))).rejects.toMatchObject({ code: 'auth.invalid_email' });
      },
    );

    it('are not mistaken for others with similar letters', async () => {
      const jose = await run(() => users().createUser({ email: 'josé@example.com' }));
      await run(() => users().createUser({ email: 'jose@example.com' }));
      expect(await run(() => users().findByEmail('josé@example.com'))).toMatchObject({ id: jose.id });
      expect(await run(() => users().findByEmail('joşe@example.com'))).toBeNull();
    });

    it('log in, and every failure counts once', async () => {
      const auth = app.get(Auth);
      await run(() => users().createUser({ email: 'login@example.com', password: TEST_PASSWORD }));
      expect(
        await run(() => auth.authenticate({ email: 'login@example.com', password: TEST_PASSWORD })),
      ).not.toBeNull();
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, () => run(() => auth.authenticate({ email: 'login@example.com', password: 'no' }))),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(await run(() => app.objects(LoginAttempt).count())).toBe(5);
      app.clock.advance('16m');
      expect(
        await run(() => auth.authenticate({ email: 'login@example.com', password: TEST_PASSWORD })),
      ).not.toBeNull();
      expect(await run(() => app.objects(LoginAttempt).count())).toBe(0);
    });

    it('keep their last login to the millisecond', async () => {
      app.clock.set('2026-05-04T03:02:01.234Z');
      const user = await run(() => users().createUser({ email: 'punctual@example.com' }));
      await run(() => users().touchLogin(user));
      const stored = await run(() => users().findById<User>(user.id));
      expect(stored!.lastLogin?.toISOString()).toBe('2026-05-04T03:02:01.234Z');
    });

    it('get their own and their groups’ permissions in one query', async () => {
      const user = await run(() => users().createUser({ email: 'rights@example.com' }));
      const group = await run(() => app.get(Database).save(Object.assign(new Group(), { name: 'Keepers' })));
      const rights = await run(() => app.objects(Permission).filter({ codename__endswith: '_group' }).all());
      await run(() =>
        app
          .get(Database)
          .related(group, 'permissions')
          .add(...rights),
      );
      await run(() => app.get(Database).related(user, 'groups').add(group));
      const log = await app.queries(async () => {
        const all = await run(() => app.get(Permissions).all(user));
        expect([...all].sort()).toEqual([
          'auth.add_group',
          'auth.change_group',
          'auth.delete_group',
          'auth.view_group',
        ]);
      });
      expect(log).toHaveLength(1);
    });
  });
});

eachDatabase((database) => {
  describe('a user class of the application', () => {
    it('takes the place of the built-in one', async () => {
      const app = await createTestApp({
        database: database.url,
        apps: [MembersModule],
        auth: { user: Member, hashers: [CHEAP] },
      });
      const member = await app.createUser({ email: 'member@example.com', isStaff: true });
      expect(member).toBeInstanceOf(Member);
      expect(member.id).toMatch(/^[0-9a-f-]{36}$/);
      const client = await app.login({ email: 'member@example.com' });
      expect((await client.get('/accounts/password/')).status).toBe(200);
      const codenames = await app.run(() => app.objects(Permission).flat('codename').all());
      expect(codenames).toContain('members.change_member');
      expect(codenames).not.toContain('auth.change_user');
      expect(app.run(() => currentUser())).toBeNull();
      await app.close();
    });
  });
});

@Entity({ name: 'member', schema: 'people' })
class Colleague extends AbstractUser {
  @PrimaryGeneratedColumn('uuid')
  id: string;
}

@App({ name: 'people', entities: [Colleague], migrations: false })
@Module({})
class PeopleModule {}

describe.skipIf(!DIALECTS.includes('postgres'))('accounts in schemas of PostgreSQL', () => {
  it('have the permissions that they and their groups were given', async () => {
    const database = await createDatabase('postgres');
    const server = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await server.query('CREATE SCHEMA own');
    await server.destroy();
    const auth = { user: Colleague, hashers: [CHEAP] };
    const app = await createTestApp({ database: `${database.url}?schema=own`, apps: [PeopleModule], auth });
    await app.run(async () => {
      const db = app.get(Database);
      const user = (await app.get(Users).createUser({ email: 'ann@example.com' })) as Colleague;
      const [direct, grouped] = await db.objects(Permission).slice(0, 2).all();
      const group = await db.objects(Group).create({ name: 'clerks' });
      await db.related(user, 'permissions').add(direct!);
      await db.related(user, 'groups').add(group);
      await db.related(group, 'permissions').add(grouped!);
      expect([...(await app.get(Permissions).all(user))].sort()).toEqual([direct!.codename, grouped!.codename].sort());
    });
    await app.close();
    await database.drop();
  });
});
