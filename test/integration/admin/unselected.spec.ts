import { Module } from '@nestjs/common';
import { Admin, AdminFor, ModelAdmin } from 'bowerbird/admin';
import { AuditEntry } from 'bowerbird/audit';
import { App, Database, Field, Meta } from 'bowerbird/orm';
import { createTestApp, type FormFields, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { MinLength } from 'class-validator';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { make } from './library.js';

/** As a project has it that knows nothing of the framework. */
@Entity('unselected_account')
@Meta({ display: 'email' })
class Account {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  email: string;

  @Column({ select: false })
  passwordHash: string;

  @Column({ type: 'text', nullable: true, select: false })
  notes: string | null;
}

@AdminFor(Account)
class AccountAdmin extends ModelAdmin<Account> {
  override beforeSave(row: Account): void {
    if (row.id === undefined) row.passwordHash = 'unusable';
  }
}

/** Columns that queries leave out and forms take. */
@Entity('unselected_device')
@Meta({ display: 'name' })
@Admin({ list: ['name'] })
class Device {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ length: 80, select: false })
  @Field({ editable: true })
  @MinLength(4)
  pin: string;

  @Column({ type: 'varchar', length: 80, nullable: true })
  @Field({ format: 'password' })
  code: string | null;

  @Column({ type: 'text', nullable: true, select: false })
  @Field({ editable: true, sensitive: false })
  manual: string | null;

  @Column({ default: true, select: false })
  @Field({ editable: true, sensitive: false })
  online: boolean;
}

@App({ name: 'unselected', label: 'Unselected', entities: [Account, Device], migrations: false })
@Module({ providers: [AccountAdmin] })
class UnselectedModule {}

eachDatabase((database) => {
  let app: TestApp;
  let root: TestClient;
  const db = () => app.get(Database);

  beforeAll(async () => {
    app = await createTestApp({ apps: [UnselectedModule], database: database.url }, { schema: 'none' });
    await db().dataSource.synchronize();
    root = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Account, Device, AuditEntry]) await db().objects<object>(entity).delete();
  });

  /** Sends the form of a page as a browser would, with some of its fields changed. */
  const submit = (page: TestResponse, changed: FormFields): Promise<TestResponse> =>
    root.post(page.url, { ...fieldsOf(page), ...changed });
  const log = async () => JSON.stringify(await db().objects(AuditEntry).all());

  describe('a column that queries leave out', () => {
    it('is not on the form and keeps its value', async () => {
      const account = await db().save(make(Account, { email: 'a@b.de', passwordHash: 'h4sh', notes: 'old' }));
      const url = `/admin/unselected/account/${account.id}/change/`;
      const page = await root.get(url);
      expect(page.text).not.toMatch(/passwordHash|notes|h4sh/);
      const fields = { email: 'c@d.de', passwordHash: 'forged', notes: '' };
      expect((await submit(page, { ...fields, _save: 1 })).status).toBe(303);
      const held = db().objects(Account).values('email', 'passwordHash', 'notes');
      expect(await held.get()).toEqual({ email: 'c@d.de', passwordHash: 'h4sh', notes: 'old' });
      expect(await log()).not.toMatch(/h4sh|forged/);
    });

    it('gets its value from the admin class where a row is added', async () => {
      const page = await root.get('/admin/unselected/account/add/');
      expect(page.text).not.toContain('passwordHash');
      expect((await submit(page, { email: 'a@b.de', _save: 1 })).status).toBe(303);
      expect(await db().objects(Account).flat('passwordHash').all()).toEqual(['unusable']);
      expect(await log()).not.toContain('unusable');
    });
  });

  describe('one that says it is editable', () => {
    let device: Device;
    let url: string;
    const held = () => db().objects(Device).values('name', 'pin', 'code', 'manual', 'online').get();

    beforeEach(async () => {
      const values = { name: 'Oven', pin: '1234', code: 'c0de', manual: 'Turn it on', online: true };
      device = await db().save(make(Device, values));
      url = `/admin/unselected/device/${device.id}/change/`;
      await db().objects(AuditEntry).delete();
    });

    it('is asked for on the form of a new row', async () => {
      const page = await root.get('/admin/unselected/device/add/');
      const empty = await submit(page, { name: 'Lamp', pin: '' });
      expect(empty.status).toBe(422);
      expect((await submit(page, { name: 'Lamp', pin: '9876', _save: 1 })).status).toBe(303);
      expect(await db().objects(Device).filter({ name: 'Lamp' }).flat('pin').all()).toEqual(['9876']);
      expect(await log()).not.toContain('9876');
    });

    it('keeps its value on an untouched form', async () => {
      const page = await root.get(url);
      expect(page.text).not.toMatch(/1234|c0de/);
      expect(page.text).toContain('Turn it on');
      const before = await held();
      expect((await submit(page, { _save: 1 })).status).toBe(303);
      expect(await held()).toEqual(before);
      expect(await db().objects(AuditEntry).all()).toEqual([]);
    });

    it('is changed by what is entered', async () => {
      const page = await root.get(url);
      expect((await submit(page, { pin: '12' })).text).toContain('4 characters');
      const entered = { pin: '5678', manual: 'Turn it off', online: [] };
      expect((await submit(page, { ...entered, _save: 1 })).status).toBe(303);
      expect(await held()).toMatchObject({ pin: '5678', code: 'c0de', manual: 'Turn it off', online: false });
      const [entry] = await db().objects(AuditEntry).all();
      expect(entry!.changes).toEqual({
        pin: { before: '(hidden)', after: '(hidden)' },
        manual: { before: 'Turn it on', after: 'Turn it off' },
        online: { before: true, after: false },
      });
    });

    it.each(['pin', 'code'])('is not overwritten when two people set it: %s', async (path) => {
      const [first, second] = [await root.get(url), await root.get(url)];
      expect((await submit(first, { [path]: 'first', _save: 1 })).status).toBe(303);
      const late = await submit(second, { [path]: 'second', _save: 1 });
      expect(late.status).toBe(409);
      expect(late.text).not.toMatch(/"first"|"second"|>first|>second/);
      expect(await held()).toMatchObject({ [path]: 'first' });
      expect((await submit(second, { [path]: 'first', _save: 1 })).status).toBe(303);
    });

    it.each(['pin', 'code'])('stands in nobody’s way who leaves it empty: %s', async (path) => {
      const [first, second] = [await root.get(url), await root.get(url)];
      await submit(first, { [path]: 'first', _save: 1 });
      expect((await submit(second, { name: 'Stove', _save: 1 })).status).toBe(303);
      expect(await held()).toMatchObject({ name: 'Stove', [path]: 'first' });
    });

    it('is not among the entries that the form still holds', async () => {
      const [first, second] = [await root.get(url), await root.get(url)];
      await submit(first, { name: 'Stove', _save: 1 });
      const late = await submit(second, { name: 'Fridge', pin: '5678', manual: 'Pull', _save: 1 });
      expect(late.status).toBe(409);
      expect(late.text).toContain('your entries in Manual');
    });
  });
});

/** The fields of the form on a page, as they were loaded. */
function fieldsOf(page: TestResponse): FormFields {
  const form = /<form[^>]*id="bb-form"[^]*?<\/form>/.exec(page.text)![0];
  const inputs = [...form.matchAll(/<input\b[^>]*\bname="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/type="checkbox"/.test(tag) || /\bchecked\b/.test(tag))
    .map(
      ([tag, name]) =>
        [name!, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? (/type="checkbox"/.test(tag) ? 'on' : '')] as const,
    );
  const areas = [...form.matchAll(/<textarea\b[^>]*\bname="([^"]+)"[^>]*>([^<]*)</g)];
  return Object.fromEntries([...inputs, ...areas.map(([, name, text]) => [name!, text!.trim()] as const)]);
}
