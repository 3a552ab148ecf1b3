import { existsSync } from 'node:fs';

import Sqlite from 'better-sqlite3';
import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { F, Prefetch, type Database } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Shelf {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @OneToMany(() => Thing, (thing) => thing.shelf) things: Relation<Thing>[];
}

@Entity()
class Thing {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @Column({ type: 'bigint', default: '9007199254740993' }) size: string;
  @Column({ type: 'decimal', precision: 8, scale: 2, default: '1.50' }) price: string;
  @Column({ default: true }) live: boolean;
  @ManyToOne(() => Shelf, (shelf) => shelf.things, { nullable: true }) shelf: Relation<Shelf> | null;
}

const COUNT = 25;

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  beforeAll(async () => {
    const pool = database.dialect === 'sqlite' ? {} : { pool: { max: 3 } };
    app = await openOrm({ database: database.url, entities: [Shelf, Thing], options: { waitTimeout: '2s', ...pool } });
    db = app.db;
  });
  beforeEach(async () => {
    for (const entity of [Thing, Shelf]) await db.objects<object>(entity).delete();
    const [shelf] = await db.objects(Shelf).bulkCreate([{ name: 'A' }]);
    await db
      .objects(Thing)
      .bulkCreate(
        Array.from({ length: COUNT }, (_, index) => ({ name: `T${index}`, shelf: index % 2 ? shelf! : null })),
      );
  });
  afterAll(() => app?.close());

  const things = () => db.objects(Thing).orderBy('id');
  const add = () => db.objects(Thing).create({ name: 'more' });
  const collect = async <T>(rows: AsyncIterable<T>, each: (row: T, index: number) => unknown = () => undefined) => {
    const all: T[] = [];
    for await (const row of rows) {
      all.push(row);
      await each(row, all.length - 1);
    }
    return all;
  };

  describe('stream', () => {
    it('gives the rows that all() gives, whatever the shape, the order and the chunk', async () => {
      const queries = [
        things(),
        things().selectRelated('shelf').slice(3, 9),
        things().values('name', 'size', 'price', 'live', 'shelf.name'),
        things().orderBy('live').flat('live').distinct(),
        things()
          .annotate({ twice: F('id').times(2) })
          .filter({ name__lower__contains: 't1' }),
        things().reverse(),
        things().none(),
        things().slice(0, 0),
        db.objects(Shelf).prefetchRelated(Prefetch('things', { query: things().filter({ live: true }) })),
      ];
      for (const query of queries)
        for (const chunk of [1, 7, COUNT, 100]) {
          const streamed = await collect<unknown>(query.stream({ chunk }));
          expect(JSON.stringify(streamed)).toBe(JSON.stringify(await query.all()));
        }
      const [, , third] = (await things().page({ size: 3 })).rows;
      expect(third!.name).toBe('T2');
      const { next } = await things().page({ size: 3 });
      expect((await collect(things().before(next!).stream({ chunk: 2 }))).map(({ name }) => name)).toEqual([
        'T0',
        'T1',
      ]);
    });

    it('shows the rows of one moment, and lets others write meanwhile', async () => {
      const seen = await collect(things().stream({ chunk: 5 }), async (row, index) => {
        if (index === 2) await add();
        if (index === 3) await db.objects(Thing).filter({ id: row.id }).delete();
        if (index === 4) await db.atomic(add);
      });
      expect(seen).toHaveLength(COUNT);
      expect(await things().count()).toBe(COUNT + 1);
    });

    it('is part of a transaction, whose rows it shows, and which goes on meanwhile', async () => {
      const seen = await db.atomic(async () => {
        await add();
        const rows = await collect(things().prefetchRelated('shelf').stream({ chunk: 4 }), async (row, index) => {
          if (index % 10 === 1) await db.save(Object.assign(row, { name: 'seen' }));
          if (index === 6)
            await db
              .atomic(async () => {
                await add();
                throw new Error('undone');
              })
              .catch(() => undefined);
        });
        expect(await things().filter({ name: 'seen' }).count()).toBe(3);
        return rows;
      });
      expect(seen).toHaveLength(COUNT + 1);
      expect(await things().count()).toBe(COUNT + 1);
    });

    it('serves several at once, inside of a transaction as well', async () => {
      const both = async () => {
        const pairs: [number, number][] = [];
        for await (const outer of things().slice(0, 3).stream({ chunk: 1 }))
          for await (const inner of things().slice(0, 4).stream({ chunk: 2 })) pairs.push([outer.id, inner.id]);
        return pairs.length;
      };
      expect(await both()).toBe(12);
      expect(await db.atomic(both)).toBe(12);
    });

    it('can be left at any row, as often as one likes', async () => {
      const leave = async () => {
        for await (const row of things().stream({ chunk: 2 })) if (row.name === 'T3') break;
        const failing = collect(things().stream({ chunk: 2 }), (_, index) => {
          if (index === 3) throw new Error('enough');
        });
        await expect(failing).rejects.toThrow('enough');
      };
      for (let time = 0; time < 8; time += 1) await leave();
      await db.atomic(async () => {
        for (let time = 0; time < 4; time += 1) await leave();
        await add();
      });
      expect(await things().count()).toBe(COUNT + 1);
    });

    it('does not outlive its transaction', async () => {
      const rows = things().stream({ chunk: 2 });
      await db.atomic(async () => {
        for (let index = 0; index < 2; index += 1) await rows.next();
      });
      const rest = rows.next();
      if (database.dialect === 'postgres') await expect(rest).rejects.toMatchObject({ code: 'orm.transaction_closed' });
      else expect((await rest).value).toMatchObject({ name: 'T2' });
      await rows.return?.();
    });

    it('locks rows inside of a transaction alone', async () => {
      const locked = () => collect(things().selectForUpdate().stream({ chunk: 10 }));
      await expect(locked()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(collect(things().selectForUpdate().iterator())).rejects.toMatchObject({ code: 'orm.query_usage' });
      expect(await db.atomic(locked)).toHaveLength(COUNT);
    });

    it('refuses what is no number of rows, and tells of what went wrong with typed errors', async () => {
      for (const chunk of [0, -1, 1.5, Number.NaN])
        await expect(things().stream({ chunk }).next()).rejects.toMatchObject({ code: 'orm.query_usage' });
      await expect(things().untyped().filter({ nothing: 1 }).stream().next()).rejects.toMatchObject({
        code: 'orm.unknown_path',
      });
    });

    it('is one statement, and some more inside of a transaction', async () => {
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, () => db.atomic(() => collect(things().stream({ chunk: 10 }))));
      const verbs = log.map(({ sql }) => sql.split(' ')[0]).filter((verb) => !/^(START|BEGIN|COMMIT)/.test(verb!));
      const chunks = ['SELECT', 'SELECT', 'SELECT'];
      expect(verbs).toEqual(database.dialect === 'postgres' ? ['DECLARE', 'FETCH', 'FETCH', 'FETCH', 'CLOSE'] : chunks);
    });
  });
});

describe('stream on SQLite', () => {
  it('cannot use the connection that writes: it refuses to as long as a statement has rows left', () => {
    const connection = new Sqlite(':memory:');
    connection.exec('CREATE TABLE t (id integer); INSERT INTO t VALUES (1), (2)');
    const rows = connection.prepare('SELECT * FROM t').iterate();
    rows.next();
    expect(() => connection.exec('INSERT INTO t VALUES (3)')).toThrow('busy executing a query');
    rows.return?.();
    connection.exec('INSERT INTO t VALUES (3)');
    connection.close();
  });

  it('reads a file by a connection of its own, and a database in memory in chunks', async () => {
    for (const url of ['sqlite::memory:', `sqlite:${process.env.TMPDIR ?? '/tmp'}/stream-${process.pid}.db`]) {
      const app = await openOrm({ database: url, entities: [Shelf, Thing] });
      const { db } = app;
      await db.objects(Thing).bulkCreate(Array.from({ length: 10 }, (_, index) => ({ name: `T${index}` })));
      const names: string[] = [];
      for await (const { name } of db.objects(Thing).orderBy('id').stream({ chunk: 4 })) {
        names.push(name);
        if (name === 'T1') await db.objects(Thing).create({ name: 'late' });
      }
      const memory = url.includes('memory');
      expect(names).toHaveLength(memory ? 11 : 10);
      await app.close();
      expect(existsSync(url.slice('sqlite:'.length))).toBe(!memory);
    }
  });
});
