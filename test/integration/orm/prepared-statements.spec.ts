import { Logger } from '@nestjs/common';
import { type DatabaseOptions } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { createDatabase, DIALECTS, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Sample {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

describe.runIf(DIALECTS.includes('postgres'))('statements that come again and again', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let app: OrmTestApp;
  beforeAll(async () => {
    database = await createDatabase('postgres');
  });
  afterEach(() => app.close());
  afterAll(() => database.drop());

  /** One connection, so that each test asks the one that it used. */
  const open = async (options: Omit<DatabaseOptions, 'url'> = {}): Promise<void> => {
    app = await openOrm({ database: database.url, entities: [Sample], options: { pool: { max: 1 }, ...options } });
    await app.db.objects(Sample).delete();
    await app.db.objects(Sample).create({ name: 'first' });
  };
  const names = (): Promise<string[]> =>
    app.db.objects(Sample).filter({ name__contains: 'r' }).orderBy('id').flat('name').all();
  const repeat = async (times = 8): Promise<void> => {
    for (let time = 0; time < times; time += 1) expect(await names()).toEqual(['first']);
  };
  const prepared = async (): Promise<string[]> => {
    const rows = await app.db.query<{ name: string; statement: string }[]>(
      `SELECT name, statement FROM pg_prepared_statements WHERE statement LIKE '%sample%' AND statement NOT LIKE '%pg_prep%'`,
    );
    expect(rows.every(({ name }) => /^bowerbird_[0-9a-f]{32}$/.test(name))).toBe(true);
    return rows.map(({ statement }) => statement.split(' ')[0]!).sort();
  };

  it('are parsed once for a connection, reads and inserts alike', async () => {
    await open();
    await repeat(5);
    expect(await prepared()).toEqual([]);
    await repeat(3);
    expect(await prepared()).toEqual(['SELECT']);
    for (let time = 0; time < 8; time += 1) await app.db.save(Object.assign(new Sample(), { name: `x${time}` }));
    expect(await prepared()).toEqual(['INSERT', 'SELECT']);
    expect(await app.db.objects(Sample).count()).toBe(9);
  });

  it('are not where the settings say so', async () => {
    await open({ preparedStatements: false });
    await repeat();
    expect(await prepared()).toEqual([]);
  });

  it('are parsed anew when a table has changed', async () => {
    await open();
    await repeat();
    await app.db.query('ALTER TABLE sample ALTER COLUMN name TYPE text');
    await repeat();
    expect(await prepared()).toEqual(['SELECT', 'SELECT']);
    await app.db.query('ALTER TABLE sample ALTER COLUMN name TYPE varchar(255)');
  });

  it('are sent without a name behind a pooler that forgets them, and the log says so once', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await open();
    await repeat();
    await app.db.query('DEALLOCATE ALL');
    await repeat(2);
    await app.db.query('DEALLOCATE ALL');
    await repeat();
    expect(await prepared()).toEqual([]);
    expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
      expect.stringContaining('preparedStatements: false'),
    ]);
  });

  it('read their rows alike every time, and of columns with one name the last', async () => {
    await open();
    const sql = `SELECT $1::int AS number, NULL AS nothing, '2026-01-02T03:04:05Z'::timestamptz AS moment, true AS yes,
      1 AS twice, 'second' AS twice, name FROM sample WHERE id > $2`;
    const rows = [
      { number: 7, nothing: null, moment: new Date('2026-01-02T03:04:05Z'), yes: true, twice: 'second', name: 'first' },
    ];
    for (let time = 0; time < 10; time += 1) {
      expect(await app.db.query(sql, [7, 0])).toEqual(rows);
      expect(await app.db.query(sql, [7, 1_000])).toEqual([]);
    }
  });

  it('read columns by the type that they have come to', async () => {
    await open();
    await app.db.query('CREATE TABLE changing (value varchar(10))');
    const values = (): Promise<unknown> => app.db.query('SELECT value FROM changing WHERE value::text <> $1', ['x']);
    await app.db.query(`INSERT INTO changing VALUES ('12')`);
    for (let time = 0; time < 8; time += 1) expect(await values()).toEqual([{ value: '12' }]);
    await app.db.query('ALTER TABLE changing ALTER COLUMN value TYPE integer USING value::integer');
    for (let time = 0; time < 8; time += 1) expect(await values()).toEqual([{ value: 12 }]);
    await app.db.query('DROP TABLE changing');
  });

  it('leave their connection as it was when a value cannot be sent', async () => {
    await open();
    const unsendable = {
      toPostgres(): never {
        throw new Error('No text of mine');
      },
    };
    const echo = (value: unknown): Promise<unknown> => app.db.query('SELECT $1::text AS echo', [value]);
    for (let time = 0; time < 5; time += 1) await echo('counted');
    for (let time = 0; time < 3; time += 1) {
      await expect(echo(unsendable)).rejects.toThrow('No text of mine');
      expect(await echo('well')).toEqual([{ echo: 'well' }]);
    }
  });

  it('fail as others do', async () => {
    await open();
    const broken = (value: string): Promise<unknown> =>
      app.db.query('SELECT 1 / $1::int AS quotient FROM sample', [value]);
    for (let time = 0; time < 8; time += 1) await expect(broken('0')).rejects.toThrow('division by zero');
    expect(await broken('1')).toEqual([{ quotient: 1 }]);
  });

  it('are not those without parameters, which may be several', async () => {
    await open();
    for (let time = 0; time < 8; time += 1)
      await app.db.query(`INSERT INTO sample (name) VALUES ('x'); INSERT INTO sample (name) VALUES ('y')`);
    expect(await app.db.objects(Sample).count()).toBe(17);
    expect(await prepared()).toEqual([]);
  });

  it('are a bounded number', async () => {
    await open();
    for (let form = 0; form < 260; form += 1)
      for (let time = 0; time < 6; time += 1) await app.db.query(`SELECT id FROM sample WHERE id > ${form} + $1`, [1]);
    const [{ count }] = await app.db.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM pg_prepared_statements`,
    );
    expect(count).toBe(250);
  });
});
