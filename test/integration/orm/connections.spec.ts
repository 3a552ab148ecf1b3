import { createServer, type AddressInfo, type Server } from 'node:net';

import { Injectable, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { CheckRunner, SettingsProblems, type CheckReport } from 'bowerbird/core';
import {
  App,
  Database,
  Databases,
  Meta,
  Migrator,
  OnWrite,
  OrmModule,
  resolveOrm,
  WriteListener,
  type EntityDescription,
  type WriteEvent,
} from 'bowerbird/orm';
import { Column, DataSource, Entity, IsNull, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, eachDatabase, openOrm, SERVERS, type OrmTestApp } from '../../support/databases.js';
import { listenWithout } from './mysql-without-escapes.js';
import { Category, SHOP } from './shop.entities.js';

const root = new URL('file:///srv/app/');

describe('database settings', () => {
  const resolve = (database: unknown, databases?: object) => {
    const problems = new SettingsProblems();
    const config = resolveOrm({ database, databases } as never, problems, { root });
    return { config: config.databases[0]!, all: config.databases, problems: problems.all };
  };

  it('default to a SQLite file under the root', () => {
    expect(resolve(undefined).config).toMatchObject({
      alias: 'default',
      dialect: 'sqlite',
      url: 'sqlite:/srv/app/var/db.sqlite3',
    });
  });

  it.each([
    ['sqlite::memory:', 'sqlite', 'sqlite::memory:'],
    ['sqlite:data/a b.db', 'sqlite', 'sqlite:/srv/app/data/a b.db'],
    ['sqlite:///var/lib/a.db', 'sqlite', 'sqlite:/var/lib/a.db'],
    ['postgres://me@db/shop', 'postgres', 'postgres://me@db/shop'],
    ['postgresql://me@db/shop', 'postgres', 'postgresql://me@db/shop'],
    ['mysql://me@db/shop', 'mysql', 'mysql://me@db/shop'],
    ['mariadb://me@db/shop', 'mysql', 'mariadb://me@db/shop'],
  ])('read %s', (given, dialect, url) => {
    const { config, problems } = resolve(given);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ dialect, url });
  });

  it.each(['', 'mongodb://x/y', 'postgres:', 'postgres://db', 'sqlite:', 'nonsense', '/tmp/db.sqlite3'])(
    'refuse the URL "%s"',
    (url) => {
      expect(resolve(url).problems.map(({ id, path }) => [id, path])).toEqual([['orm.E001', 'settings.database.url']]);
    },
  );

  it('mask the password wherever the URL is shown', () => {
    const { config, problems } = resolve('postgres://me:hunter2@db/shop?sslmode=require');
    expect(config.shown).toBe('postgres://me:********@db/shop?sslmode=require');
    expect(config.tls).toEqual({ verify: false });
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    expect(JSON.stringify(resolve('oracle://me:hunter2@db/x').problems)).not.toContain('hunter2');
  });

  it('name every wrong option at once', () => {
    const { problems } = resolve({
      url: 'sqlite::memory:',
      conectTimeout: '5s',
      busyTimeout: 5,
      pool: { max: 0, size: 3 },
      tls: { verify: 'no' },
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'settings.database.busyTimeout',
      'settings.database.conectTimeout',
      'settings.database.pool.max',
      'settings.database.pool.size',
      'settings.database.tls.verify',
    ]);
  });

  it.each([
    [{ url: 'sqlite::memory:', replicas: ['sqlite::memory:'] }],
    [{ url: 'postgres://me@db/shop', replicas: ['mysql://me:hunter2@db/shop'] }],
    [{ url: 'postgres://me@db/shop', replicas: ['postgres://me:hunter2@db'] }],
    [{ url: 'postgres://me@db/shop', replicas: 'postgres:' }],
    [{ url: 'postgres://me@db/shop', replicas: [5] }],
  ])('refuse replicas that are none: %j', (database) => {
    const { problems } = resolve(database);
    expect(problems.map(({ id, path }) => [id, path])).toEqual([['orm.E001', 'settings.database.replicas']]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('take replicas of the same kind', () => {
    const { config, problems } = resolve({ url: 'mysql://me@db/shop', replicas: ['mariadb://me@copy/shop'] });
    expect([problems, config.replicas]).toEqual([[], ['mariadb://me@copy/shop']]);
  });

  it('refuse two default databases and something that is no data source', () => {
    expect(resolve('sqlite::memory:', { default: 'sqlite::memory:' }).problems[0]!.id).toBe('orm.E002');
    expect(resolve({ dataSource: {} }).problems[0]).toMatchObject({ id: 'orm.E001' });
  });
});

describe('a database that cannot be reached', () => {
  const boot = async (database: string, options: object = {}): Promise<Error> =>
    openOrm({ database, entities: [Category], options }).then(
      () => Promise.reject(new Error('did not fail')),
      (cause: unknown) => cause as Error,
    );

  it.each(['postgres', 'mysql'])('gives one clear error at boot without its password (%s)', async (scheme) => {
    const error = await boot(`${scheme}://me:hunter2@127.0.0.1:1/shop`);
    expect(error).toMatchObject({ code: 'orm.connection', status: 503 });
    expect(error.message).toContain('"default"');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain(`${scheme}://me:********@127.0.0.1:1/shop`);
    expect(error.message + String(error.stack)).not.toContain('hunter2');
  });

  it.each(['postgres', 'mysql'])('is given up after the connect timeout when it never answers (%s)', async (scheme) => {
    const server: Server = createServer(() => undefined).listen(0);
    const { port } = server.address() as AddressInfo;
    const error = await boot(`${scheme}://me:x@127.0.0.1:${port}/shop`, { connectTimeout: '300ms' });
    expect(error).toMatchObject({ code: 'orm.connection' });
    server.close();
    server.unref();
  });

  it('is an error for a SQLite file in an impossible place', async () => {
    expect(await boot('sqlite:/proc/nowhere/db.sqlite3')).toMatchObject({ code: 'orm.connection' });
  });

  it.runIf(DIALECTS.includes('postgres'))('is an error when it does not exist', async () => {
    const url = new URL(SERVERS.postgres!);
    url.pathname = '/no_such_database';
    expect((await boot(url.href)).message).toContain('no_such_database');
  });
});

describe('an open database', () => {
  eachDatabase((database) => {
    let app: OrmTestApp | undefined;
    afterEach(() => app?.close());

    it.skipIf(database.dialect === 'sqlite')('stops statements that run too long', async () => {
      app = await openOrm({ database: database.url, entities: [], options: { statementTimeout: '200ms' } });
      const many = 'information_schema.columns';
      const slow = `SELECT COUNT(*) FROM ${many} a, ${many} b, ${many} c, ${many} d`;
      await expect(app.db.query(slow)).rejects.toMatchObject({ code: 'orm.statement_timeout' });
    });

    it('keeps foreign keys, and on SQLite the write-ahead log', async () => {
      app = await openOrm({ database: database.url, entities: SHOP });
      if (database.dialect !== 'sqlite') return;
      expect(await app.db.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      expect(await app.db.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    });

    it('is closed when the application ends', async () => {
      app = await openOrm({ database: database.url, entities: [] });
      const { dataSource } = app.db;
      await app.close();
      expect(dataSource.isInitialized).toBe(false);
      await expect(app.db.query('SELECT 1')).rejects.toMatchObject({ code: 'orm.connection' });
    });
  });
});

describe.runIf(DIALECTS.includes('mysql'))('a MySQL session that begins without backslash escapes', () => {
  const world = async (work: (url: string) => Promise<void>, refuseSet = false): Promise<void> => {
    const database = await createDatabase('mysql');
    const server = await listenWithout(database.url, refuseSet);
    try {
      await work(server.url);
    } finally {
      await server.close();
      await database.drop();
    }
  };

  it('gets them back, so that no value can end its text', async () => {
    await world(async (url) => {
      const { db, close } = await openOrm({ database: url, entities: [], synchronize: false });
      const [session] = await db.query<{ mode: string }[]>('SELECT @@sql_mode AS mode');
      expect(session!.mode.split(',')).toContain('STRICT_TRANS_TABLES');
      expect(session!.mode).not.toContain('NO_BACKSLASH_ESCAPES');
      const value = String.raw`x\' OR '1' = '1`;
      expect(await db.query('SELECT ? AS text', [value])).toEqual([{ text: value }]);
      await close();
    });
  });

  it('is not used when it cannot be set up', async () => {
    await world(async (url) => {
      const opening = openOrm({ database: url, entities: [], synchronize: false });
      await expect(opening).rejects.toMatchObject({ code: 'orm.connection' });
    }, true);
  });
});

describe('several databases', () => {
  it('each hold the entities of their apps', async () => {
    @Entity()
    class Log {
      @PrimaryGeneratedColumn() id: number;
      @Column() text: string;
    }
    @App({ name: 'logs', entities: [Log], database: 'logs' })
    @Module({})
    class Logs {}
    @App({ name: 'shop', entities: SHOP })
    @Module({})
    class Shop {}
    const config = resolveOrm(
      { apps: [Shop, Logs], database: 'sqlite::memory:', databases: { logs: 'sqlite::memory:' } },
      new SettingsProblems(),
      { root },
    );
    const module = await Test.createTestingModule({ imports: [OrmModule.forRoot(config)] }).compile();
    await module.init();
    const databases = module.get(Databases);
    for (const { dataSource } of databases.all()) await dataSource.synchronize();
    await databases.of(Log).save(Object.assign(new Log(), { text: 'x' }));
    expect(await databases.get('logs').query('SELECT text FROM log')).toEqual([{ text: 'x' }]);
    expect(() => databases.get('lgs')).toThrow(/Did you mean "logs"/);
    await module.close();
  });
});

describe('checks', () => {
  const check = async (...apps: (abstract new () => object)[]): Promise<CheckReport> => {
    const config = resolveOrm({ apps, database: 'sqlite::memory:' }, new SettingsProblems(), { root });
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule, OrmModule.forRoot(config)],
      providers: [CheckRunner],
    }).compile();
    await module.init();
    const report = await module.get(CheckRunner).run({ silenced: [{ id: 'orm.W021', reason: 'no migrations here' }] });
    await module.close();
    return report;
  };
  const found = ({ findings }: CheckReport): string[] => findings.map(({ id, at }) => `${id} ${at}`).sort();

  it('find nothing wrong with a good app', async () => {
    @App({ name: 'shop', entities: SHOP })
    class Shop {}
    expect(found(await check(Shop))).toEqual([]);
  });

  it('tell of a time limit that SQLite does not keep', async () => {
    const database = { url: 'sqlite::memory:', statementTimeout: '5s' } as const;
    const config = resolveOrm({ database }, new SettingsProblems(), { root });
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule, OrmModule.forRoot(config)],
      providers: [CheckRunner],
    }).compile();
    await module.init();
    expect(found(await module.get(CheckRunner).run({}))).toEqual(['orm.W003 default']);
    await module.close();
  });

  it.runIf(DIALECTS.includes('mysql'))('tell of a server that loses rows of cascades', async () => {
    const config = resolveOrm({ database: SERVERS.mysql }, new SettingsProblems(), { root });
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule, OrmModule.forRoot(config)],
      providers: [CheckRunner],
    }).compile();
    await module.init();
    const shown = await module
      .get(Database)
      .query<{ Value: string }[]>("SHOW GLOBAL VARIABLES LIKE 'innodb_native_foreign_keys'");
    const loses = shown.some(({ Value }) => Value === 'OFF');
    const report = await module.get(CheckRunner).run({ database: true });
    expect(found(report).filter((line) => line.startsWith('orm.W009'))).toEqual(loses ? ['orm.W009 default'] : []);
    await module.close();
  });

  it('find what is wrong with apps', async () => {
    @Injectable()
    class Plain {}
    class NotAnEntity {}
    @App({ name: 'shop', entities: [Category] })
    class Shop {}
    @App({ name: 'shop', entities: [...SHOP, NotAnEntity] })
    class Twice {}
    @App({ name: 'My App', database: 'nowhere' })
    class Named {}
    expect(found(await check(Plain, Shop, Twice, Named))).toEqual([
      'orm.E003 Plain',
      'orm.E004 Twice',
      'orm.E005 Named',
      'orm.E006 Category',
      'orm.E007 NotAnEntity',
      'orm.E015 Named',
    ]);
  });

  it('find what is wrong with entities', async () => {
    @Entity('thing')
    class Lonely {
      @PrimaryGeneratedColumn() id: number;
    }
    @Entity('thing')
    @Meta({ ordering: ['-nmae', 'lonely.id', 'lonely.x'], latestBy: 'when', display: 'title' })
    class Thing {
      @PrimaryGeneratedColumn() id: number;
      @Column() name: string;
      @ManyToOne(() => Lonely) lonely: Relation<Lonely>;
      @Column({ type: 'decimal', precision: 30, scale: 2 }) huge: string;
    }
    @App({ name: 'things', entities: [Thing] })
    class Things {}
    const report = await check(Things);
    expect(found(report)).toEqual([
      'orm.E008 Lonely',
      'orm.E009 Thing.lonely.x',
      'orm.E009 Thing.nmae',
      'orm.E009 Thing.when',
      'orm.E010 Thing.title',
      'orm.E013 Thing.lonely',
      'orm.W002 Thing.huge',
    ]);
    expect(report.toText()).toContain('Did you mean "name"?');
  });
});

describe('an adopted data source', () => {
  eachDatabase((database) => {
    @Entity('legacy_note')
    class Note {
      @PrimaryGeneratedColumn() id: number;
      @Column({ type: 'varchar', length: 50 }) text: string;
      @Column({ type: 'decimal', precision: 10, scale: 2, default: 0 }) price: number;
    }
    @Entity('own_thing')
    class Thing {
      @PrimaryGeneratedColumn() id: number;
      @Column({ type: 'timestamptz', nullable: true }) at: Date | null;
    }
    @App({ name: 'notes', entities: [Note] })
    class Notes {}
    @App({ name: 'things', entities: [Thing] })
    class Things {}

    const make = (): DataSource => {
      const file = database.url.replace('sqlite:', '');
      return database.dialect === 'sqlite'
        ? new DataSource({ type: 'better-sqlite3', database: file, entities: [Note] })
        : new DataSource({ type: database.dialect, url: database.url, entities: [Note] });
    };
    const adopt = async (dataSource: DataSource, providers: Provider[] = []) => {
      const config = resolveOrm({ apps: [Notes, Things], database: { dataSource } }, new SettingsProblems(), { root });
      const module = await Test.createTestingModule({ imports: [OrmModule.forRoot(config)], providers }).compile();
      await module.init();
      return { module, db: module.get(Database) };
    };
    const createTables = async (module: TestingModule, dataSource: DataSource) => {
      await dataSource.synchronize(true);
      await module.get(Migrator).syncSchema();
    };

    it('is used as it is, keeps its tables unmanaged, and stays open', async () => {
      const dataSource = await make().initialize();
      const notes = dataSource.getRepository(Note);
      await dataSource.synchronize();
      const types = dataSource.getMetadata(Note).columns.map(({ type }) => type);
      const { module, db } = await adopt(dataSource);
      expect(db.dataSource).toBe(dataSource);
      expect(dataSource.getMetadata(Note).columns.map(({ type }) => type)).toEqual(types);
      expect(db.describe(Note)).toMatchObject({ app: 'notes', managed: false, table: 'legacy_note' });
      expect(db.describe(Thing)).toMatchObject({ app: 'things', managed: true });
      await db.atomic(async () => {
        await notes.save({ text: 'kept' });
        await db
          .atomic(() => notes.save({ text: 'dropped' }).then(() => Promise.reject(new Error('x'))))
          .catch(() => 0);
      });
      expect((await notes.find()).map(({ text }) => text)).toEqual(['kept']);
      await module.close();
      expect(dataSource.isInitialized).toBe(true);
      await dataSource.destroy();
    });

    it('keeps its own synchronization away from tables of migrations', async () => {
      const dataSource = make();
      const { module } = await adopt(dataSource);
      await dataSource.synchronize(true);
      const runner = dataSource.createQueryRunner();
      expect(await runner.hasTable('legacy_note')).toBe(true);
      expect(await runner.hasTable(dataSource.getMetadata(Thing).tableName)).toBe(false);
      await runner.release();
      await module.close();
    });

    it('lets its own subscribers write inside of a save', async () => {
      const dataSource = make();
      const { module } = await adopt(dataSource);
      await createTables(module, dataSource);
      dataSource.subscribers.push({
        afterInsert: async ({ metadata }) => {
          if (metadata.target === Note) await dataSource.getRepository(Thing).save({ at: null });
          if (metadata.target === Note) throw new Error('undo');
        },
      });
      await expect(dataSource.getRepository(Note).save({ text: 'x' })).rejects.toThrow('undo');
      expect(await dataSource.getRepository(Thing).countBy({ at: IsNull() })).toBe(0);
      await module.close();
    });

    it('tells of what its own repositories change, in their transactions', async () => {
      const dataSource = make();
      const events: string[] = [];
      @OnWrite()
      @Injectable()
      class Hears extends WriteListener {
        interested({ target }: EntityDescription): boolean {
          return target === Note;
        }
        async written({ kind, before, after }: WriteEvent): Promise<void> {
          events.push(`${kind} ${String(before?.text)} ${String(after?.text)}`);
        }
      }
      const { module } = await adopt(dataSource, [Hears]);
      await createTables(module, dataSource);
      const notes = dataSource.getRepository(Note);
      await notes.insert([{ text: 'a' }, { text: 'b' }]);
      expect((await notes.update({ text: 'a' }, { text: 'c' })).affected).toBe(1);
      const undone = dataSource.transaction(async (manager) => {
        await manager.update(Note, { text: 'c' }, { text: 'd' });
        expect(await manager.countBy(Note, { text: 'd' })).toBe(1);
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect((await notes.find({ order: { id: 'ASC' } })).map(({ text }) => text)).toEqual(['c', 'b']);
      await notes.delete({ text: 'b' });
      await notes.createQueryBuilder().delete().execute();
      expect(events).toEqual([
        'insert undefined a',
        'insert undefined b',
        'update a c',
        'update c d',
        'delete b undefined',
        'delete c undefined',
      ]);
      await module.close();
    });

    it('is opened and closed when it comes unopened', async () => {
      const dataSource = make();
      const { module, db } = await adopt(dataSource);
      expect(dataSource.isInitialized).toBe(true);
      await createTables(module, dataSource);
      const at = new Date('2024-01-02T03:04:05.678Z');
      const { id } = await db.save(Object.assign(new Thing(), { at }));
      expect((await dataSource.getRepository(Thing).findOneByOrFail({ id })).at).toEqual(at);
      await module.close();
      expect(dataSource.isInitialized).toBe(false);
    });
  });
});
