import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { CheckRunner, SettingsProblems, type Finding, type SilencedCheck } from 'bowerbird/core';
import { App, Database, ExtractHour, OrmModule, resolveOrm, type QueryDefaults } from 'bowerbird/orm';
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, SERVERS } from '../../support/databases.js';

@Entity()
class Name {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  text: string;

  @Column({ type: 'datetime', nullable: true })
  at: Date | null;
}

@App({ name: 'shop', entities: [Name] })
@Module({})
class ShopModule {}

const NO_MIGRATIONS = { id: 'orm.W021', reason: 'no migrations here' };

interface Booted {
  readonly db: Database;
  check(...silenced: readonly SilencedCheck[]): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

async function boot(url: string, orm: QueryDefaults = {}): Promise<Booted> {
  const problems = new SettingsProblems();
  const config = resolveOrm({ apps: [ShopModule], database: url, orm }, problems, { root: new URL('file:///srv/') });
  expect(problems.all).toEqual([]);
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule, OrmModule.forRoot(config), ShopModule],
    providers: [CheckRunner],
  }).compile();
  await module.init();
  const of = /^orm\.([EW]07\d)$/;
  return {
    db: module.get(Database),
    check: async (...silenced) =>
      (await module.get(CheckRunner).run({ silenced: [NO_MIGRATIONS, ...silenced] })).findings.filter(({ id }) =>
        of.test(id),
      ),
    close: () => module.close(),
  };
}

describe('settings.orm.timeZone', () => {
  const resolve = (orm: object) => {
    const problems = new SettingsProblems();
    const config = resolveOrm({ database: 'sqlite::memory:', orm }, problems, { root: new URL('file:///') });
    return { zone: config.databases[0]!.timeZone, problems: problems.all };
  };

  it('is UTC unless told otherwise', () => {
    expect(resolve({})).toEqual({ zone: 'UTC', problems: [] });
    expect(resolve({ timeZone: 'Asia/Kolkata' })).toEqual({ zone: 'Asia/Kolkata', problems: [] });
  });

  it.each([
    ['Europe/Berln', 'Did you mean "Europe/Berlin"?'],
    ['Berlin', 'Did you mean "Europe/Berlin"?'],
    ['+02:00', 'Write its area too: Europe/Berlin'],
    [60, 'Write its area too: Europe/Berlin'],
  ])('refuses %j', (timeZone, hint) => {
    const { zone, problems } = resolve({ timeZone });
    expect(zone).toBe('UTC');
    expect(problems).toEqual([
      expect.objectContaining({ id: 'orm.E070', path: 'settings.orm.timeZone', got: timeZone, hint }),
    ]);
  });
});

describe.each(DIALECTS)('the locale of a database on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  beforeAll(async () => {
    database = await createDatabase(dialect);
  });
  afterAll(() => database?.drop());

  it('is no finding where text is sorted by code points and moments are looked at in UTC', async () => {
    const app = await boot(database.url);
    await app.db.dataSource.synchronize();
    expect(await app.check()).toEqual([]);
    await app.close();
  });

  it('is no finding where clocks are set as Node sets them', async () => {
    const app = await boot(database.url, { timeZone: 'Europe/Berlin' });
    expect(await app.check()).toEqual([]);
    await app.close();
  });
});

describe.runIf(DIALECTS.includes('postgres'))('a PostgreSQL database', () => {
  let plain: Awaited<ReturnType<typeof createDatabase>>;
  beforeAll(async () => {
    plain = await createDatabase('postgres');
  });
  afterAll(() => plain?.drop());

  async function onServer(work: (query: (sql: string) => Promise<unknown[]>) => Promise<void>): Promise<void> {
    const server = await new DataSource({ type: 'postgres', url: SERVERS.postgres }).initialize();
    try {
      await work((sql) => server.query(sql));
    } finally {
      await server.destroy();
    }
  }

  it('that sorts by a language is told of, and what it does', async ({ skip }) => {
    const url = new URL(plain.url);
    const name = `${url.pathname.slice(1)}_icu`;
    url.pathname = `/${name}`;
    await onServer(async (query) => {
      if ((await query("SELECT 1 FROM pg_collation WHERE collname = 'en-US-x-icu'")).length === 0)
        skip('the server is built without ICU');
      await query(
        `CREATE DATABASE "${name}" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'`,
      );
    });
    try {
      const app = await boot(url.toString());
      await app.db.dataSource.synchronize();
      const [finding, ...more] = await app.check();
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ id: 'orm.W071', level: 'warning', at: 'default' });
      expect(finding!.message).toMatch(
        /^Text in the database "default" is sorted by the rules of its locale \(C\.UTF-8/,
      );
      expect(finding!.hint).toMatch(/TEMPLATE template0 LOCALE 'C\.UTF-8'/);
      expect(await app.check({ id: 'orm.W071', reason: 'lists are shown to people who read English' })).toEqual([]);
      const names = app.db.objects(Name);
      await names.bulkCreate(['a', 'B', 'z', 'é'].map((text) => ({ text })));
      expect(await names.orderBy('text').flat('text').all()).toEqual(['a', 'B', 'é', 'z']);
      expect(await names.filter({ text__gt: 'a' }).count()).toBe(3);
      expect(await names.filter({ text: 'B' }).count()).toBe(1);
      await app.close();
    } finally {
      await onServer(async (query) => {
        await query(`DROP DATABASE "${name}" WITH (FORCE)`);
      });
    }
  });

  it('whose server does not know the zone of the settings stops the boot', async () => {
    const app = await boot(plain.url, { timeZone: 'Canada/East-Saskatchewan' });
    expect(await app.check()).toEqual([
      expect.objectContaining({
        id: 'orm.E071',
        level: 'error',
        at: 'default',
        message: 'The PostgreSQL server of "default" does not know the time zone Canada/East-Saskatchewan',
      }),
    ]);
    await app.db.dataSource.synchronize();
    await app.db.objects(Name).create({ text: 'x', at: new Date() });
    await expect(
      app.db
        .objects(Name)
        .annotate({ x: ExtractHour('at') })
        .all(),
    ).rejects.toMatchObject({
      code: 'orm.server_time_zone',
      message:
        'The server of the database "default" does not know a time zone of the query: time zone "Canada/East-Saskatchewan" not recognized',
    });
    await app.close();
  });

  it('whose server sets clocks otherwise than Node is told of', async () => {
    const differing: string[] = [];
    await onServer(async (query) => {
      // Data of before 2025 had other rules for Tijuana in the seventies.
      const zone = 'America/Tijuana';
      const [row] = await query(
        `SELECT TO_CHAR(TIMESTAMPTZ '1975-07-01T12:00:00Z' AT TIME ZONE '${zone}', 'HH24') AS hour`,
      );
      const hour = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format(
        new Date('1975-07-01T12:00:00Z'),
      );
      if ((row as { hour: string }).hour !== hour) differing.push(zone);
    });
    for (const zone of differing) {
      const app = await boot(plain.url, { timeZone: zone });
      const [finding, ...more] = await app.check();
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ id: 'orm.W070', level: 'warning', at: 'default' });
      expect(finding!.message).toMatch(new RegExp(`and Node set the clocks in ${zone} differently, first at 19[67]`));
      await app.close();
    }
  });
});

describe.runIf(DIALECTS.includes('mysql'))('a MySQL or MariaDB database', () => {
  it('with columns that are sorted by a language is told of', async () => {
    const database = await createDatabase('mysql');
    const app = await boot(database.url);
    await app.db.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
    await app.db.dataSource.synchronize();
    expect(await app.check()).toEqual([expect.objectContaining({ id: 'orm.W071', level: 'warning', at: 'default' })]);
    const [{ message }] = (await app.check()) as [Finding];
    expect(message).toMatch(/^Text in the database "default" is sorted by utf8mb4_general_ci \(name\.text\), and not/);
    await app.db.query('ALTER TABLE name CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    expect(await app.check()).toEqual([]);
    await app.close();
    await database.drop();
  });
});
