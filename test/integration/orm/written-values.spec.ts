import { inspect, isDeepStrictEqual } from 'node:util';

import { CoreModule, SecretKeys } from 'bowerbird/core';
import { type BadLookupValueError, type Database } from 'bowerbird/orm';
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Entry, FITTING, Owner, UNFIT } from './written-values.world.js';

type Write = (db: Database, path: string, value: unknown) => Promise<unknown>;

/** The properties of a row with one value, which may stand in an embedded object. */
function values(path: string, value: unknown): Record<string, unknown> {
  const [head, rest] = path.split('.') as [string, string?];
  return { [head]: rest === undefined ? value : { [rest]: value } };
}

const instance = (path: string, value: unknown): Entry => Object.assign(new Entry(), values(path, value));
const rows = (db: Database) => db.objects(Entry).untyped();
const repository = (db: Database) => db.dataSource.getRepository(Entry);
const plain = (db: Database): Promise<Entry> => db.objects(Entry).orderBy('id').get({ body: 'there' });

/** Every way to store a value: of new rows, and of the one that is there. */
const DOORS: Readonly<Record<string, Write>> = {
  create: (db, path, value) => rows(db).create(values(path, value)),
  'create of an instance': (db, path, value) => rows(db).create(instance(path, value) as never),
  'save of a new row': (db, path, value) => db.save(instance(path, value)),
  'save of several': (db, path, value) => db.save([new Entry(), instance(path, value)]),
  'save of a loaded row': async (db, path, value) => db.save(Object.assign(await plain(db), values(path, value))),
  'save with fields': async (db, path, value) =>
    db.save(Object.assign(await plain(db), values(path, value)), { fields: [path as 'code'] }),
  'save as an insert': (db, path, value) => db.save(instance(path, value), { force: 'insert' }),
  'save as an update': async (db, path, value) =>
    db.save(Object.assign(await plain(db), values(path, value)), { force: 'update' }),
  getOrCreate: (db, path, value) => rows(db).getOrCreate({ id: 77_777 }, values(path, value)),
  'updateOrCreate of a new row': (db, path, value) => rows(db).updateOrCreate({ id: 77_777 }, values(path, value)),
  'updateOrCreate of a known row': (db, path, value) => rows(db).updateOrCreate({ body: 'there' }, values(path, value)),
  bulkCreate: (db, path, value) => rows(db).bulkCreate([{ count: 1 }, values(path, value)]),
  bulkUpdate: async (db, path, value) =>
    db.objects(Entry).bulkUpdate([Object.assign(await plain(db), values(path, value))], [path as 'code']),
  update: (db, path, value) => rows(db).update({ [path]: value }),
};

/** What repositories and query builders do, with typed errors. */
const TYPEORM_DOORS: Readonly<Record<string, Write>> = {
  'save of a repository': (db, path, value) => repository(db).save(instance(path, value)),
  'insert of a repository': (db, path, value) => repository(db).insert(values(path, value)),
  'update of a repository': (db, path, value) => repository(db).update({ body: 'there' }, values(path, value)),
  'a query builder': (db, path, value) =>
    repository(db).createQueryBuilder().insert().values(values(path, value)).execute(),
};

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  beforeAll(async () => {
    const imports = [CoreModule.forRoot(new SecretKeys('a secret of 32 characters, or more', []))];
    app = await openOrm({ database: database.url, entities: [Entry, Owner], imports });
    db = app.db;
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    await db.objects(Entry).delete();
    await db.objects(Entry).create({ body: 'there' });
  });

  const failure = (work: Promise<unknown>): Promise<BadLookupValueError> =>
    work.then(
      () => Promise.reject(new Error('did not fail')),
      (error: unknown) => error as BadLookupValueError,
    );

  describe('a value that does not fit its column', () => {
    it.each(Object.entries({ ...DOORS, ...TYPEORM_DOORS }))(
      'is refused by %s, before anything is stored',
      async (_, write) => {
        for (const [path, value, expects] of UNFIT) {
          const error = await failure(write(db, path, value));
          expect(error, path).toMatchObject({ code: 'orm.bad_lookup_value', status: 400, entity: 'Entry', path });
          expect(error.message, path).toContain(`"${path}" of Entry takes ${expects}`);
        }
        expect(await db.objects(Entry).count()).toBe(1);
        expect(
          await db.objects(Entry).filter({ body: 'there', code: null, count: null, data__isnull: true }).count(),
        ).toBe(1);
      },
    );

    it('leaves the transaction around it usable', async () => {
      await db.atomic(async () => {
        await failure(rows(db).create({ count: 'abc' }));
        await failure(db.save(instance('day', '2024-02-31')));
        await db.objects(Entry).create({ body: 'after' });
      });
      expect(await db.objects(Entry).filter({ body: 'after' }).count()).toBe(1);
    });

    it('is shown, unless it is a secret', async () => {
      expect((await failure(rows(db).create({ count: 'abc' }))).message).toContain('got "abc"');
      for (const [path, value] of [
        ['pin', 'hunter22'],
        ['note', { secret: 'hunter22' }],
        ['note', 'hunter22'.repeat(200)],
      ] as const)
        for (const write of Object.values(DOORS)) {
          const error = await failure(write(db, path, value));
          expect(error.message).toContain(`"${path}" of Entry takes`);
          expect(`${error.message}${inspect(error, { depth: 5 })}`).not.toContain('hunter22');
        }
      const asked = failure(rows(db).filter({ pin: 'hunter22' }).all());
      expect(inspect(await asked)).not.toContain('hunter22');
    });

    it('may be a value that only its name makes a value', async () => {
      const error = await rows(db)
        .create({ coda: 'x' })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'orm.unknown_path',
        message: 'Entry has no path "coda". Did you mean "code"?',
      });
      expect((await db.save(Object.assign(new Entry(), { shown: 'x', other: 1 }))).shown).toBe('x');
      expect(await rows(db).create(Object.assign(new Entry(), { shown: 'x' }) as never)).toMatchObject({ shown: 'x' });
    });
  });

  describe('a value that fits', () => {
    it.each(Object.entries(DOORS))('is stored by %s in the form of its column', async (_, write) => {
      for (const [path, value, read = value] of FITTING) {
        await db.objects(Entry).delete();
        await db.objects(Entry).create({ body: 'there' });
        await write(db, path, value);
        const stored = await rows(db).orderBy('-id').flat(path).all();
        expect(
          stored.some((one) => isDeepStrictEqual(one, read)),
          `${path}: ${inspect(stored)}`,
        ).toBe(true);
      }
    });

    it('is equal for repositories and query sets', async () => {
      for (const [path, value] of FITTING) {
        const { id } = await repository(db).save(instance(path, value));
        const [ours, theirs] = [await db.objects(Entry).get({ id }), await repository(db).findOneByOrFail({ id })];
        expect(ours).toEqual(theirs);
        await db.save(ours);
        expect(await db.objects(Entry).get({ id })).toEqual(theirs);
      }
    });
  });

  it('what the database alone refuses has a typed error', async () => {
    const { id } = await db.objects(Entry).create({ count: 2_000_000_000, ratio: 1e308, code: 'abc' });
    const one = db.objects(Entry).filter({ id });
    const refused = [
      () => db.query(`INSERT INTO entry (${db.dataSource.driver.escape('id')}) VALUES ('abc')`),
      ...(database.dialect === 'sqlite' ? [] : [() => db.query(`UPDATE entry SET count = 'abc' WHERE id = ${id}`)]),
      ...(database.dialect === 'sqlite'
        ? []
        : [() => db.query(`UPDATE entry SET count = 3000000000 WHERE id = ${id}`)]),
      ...(database.dialect === 'sqlite' ? [] : [() => db.query(`UPDATE entry SET code = 'abcdef' WHERE id = ${id}`)]),
      ...(database.dialect === 'sqlite'
        ? []
        : [() => db.query(`UPDATE entry SET day = '2024-02-31' WHERE id = ${id}`)]),
    ];
    for (const work of refused) expect(await failure(work())).toMatchObject({ code: 'orm.refused_value', status: 400 });
    expect(await one.values('count', 'code').get()).toEqual({ count: 2_000_000_000, code: 'abc' });
  });

  describe('an entity of an adopted data source', () => {
    @Entity('entry_legacy')
    class Legacy {
      @PrimaryGeneratedColumn() id: number;
      @Column({ type: 'varchar', length: 5 }) code: string;
      @Column({ type: 'int', default: 0 }) count: number;
    }

    it('is checked by query sets and save(), and left to TypeORM by repositories', async () => {
      const type = { sqlite: 'better-sqlite3', postgres: 'postgres', mysql: 'mysql' }[database.dialect];
      const place =
        database.dialect === 'sqlite' ? { database: database.url.replace('sqlite:', '') } : { url: database.url };
      const options = { type, ...place, entities: [Legacy], synchronize: true };
      const dataSource = await new DataSource(options as never).initialize();
      const adopted = await openOrm({ database: { dataSource }, entities: [Legacy], synchronize: false });
      try {
        const legacy = adopted.db.objects(Legacy).untyped();
        for (const work of [
          () => legacy.create({ code: 'a', count: 'abc' }),
          () => legacy.bulkCreate([{ code: 'a', count: 1.5 }]),
          () => adopted.db.save(Object.assign(new Legacy(), { code: 'a', count: 'abc' })),
        ])
          expect(await failure(work())).toMatchObject({ code: 'orm.bad_lookup_value', entity: 'Legacy' });
        const save = () =>
          adopted.db.mapped(() => dataSource.getRepository(Legacy).save({ code: 'abcdef', count: 'abc' as never }));
        const create = () => legacy.create({ code: 'abcdef' });
        // SQLite knows neither types nor lengths.
        if (database.dialect === 'sqlite') {
          expect(await save()).toMatchObject({ count: 'abc' });
          expect(await create()).toMatchObject({ code: 'abcdef' });
          return;
        }
        expect(await failure(save())).toMatchObject({ code: 'orm.refused_value' });
        expect(await failure(create())).toMatchObject({ code: 'orm.bad_lookup_value', path: 'code' });
      } finally {
        await adopted.close();
        if (dataSource.isInitialized) await dataSource.destroy();
      }
    });
  });
});
