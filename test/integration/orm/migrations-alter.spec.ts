import { type Class } from 'bowerbird/core';
import { Column, Entity, PrimaryGeneratedColumn, type ColumnOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

/** An entity named Thing with one column besides its key. */
function thingWith(options: ColumnOptions, name = 'value'): Class {
  class Thing {
    declare id: number;
  }
  Object.defineProperty(Thing, 'name', { value: 'Thing' });
  PrimaryGeneratedColumn()(Thing.prototype, 'id');
  Column(options)(Thing.prototype, name);
  Entity()(Thing);
  return Thing;
}

interface AlterCase {
  readonly title: string;
  readonly from: ColumnOptions;
  readonly to: ColumnOptions;
  readonly stored: readonly unknown[];
  /** What is read afterwards; the same when not said. */
  readonly kept?: readonly unknown[];
  readonly options?: Record<string, unknown>;
  /** What is read after going back. */
  readonly back?: readonly unknown[];
}

const CASES: readonly AlterCase[] = [
  {
    title: 'a longer string',
    from: { type: 'varchar', length: 20 },
    to: { type: 'varchar', length: 40 },
    stored: ['Ünïcødé 日本', "it's", ''],
  },
  {
    title: 'string to text',
    from: { type: 'varchar', length: 20, nullable: true },
    to: { type: 'text', nullable: true },
    stored: ['📚 \\ %', null, 'x'.repeat(20)],
  },
  {
    title: 'int to bigint',
    from: { type: 'int' },
    to: { type: 'bigint' },
    stored: [0, -5, 2147483647],
    kept: ['0', '-5', '2147483647'],
  },
  {
    title: 'more precision',
    from: { type: 'decimal', precision: 8, scale: 2 },
    to: { type: 'decimal', precision: 14, scale: 4 },
    stored: ['123456.78', '-0.05'],
    kept: ['123456.7800', '-0.0500'],
  },
  {
    title: 'not null to nullable',
    from: { type: 'varchar' },
    to: { type: 'varchar', nullable: true },
    stored: ['a', ''],
  },
  {
    title: 'nullable to not null',
    from: { type: 'varchar', nullable: true },
    to: { type: 'varchar' },
    stored: ['a', null],
    kept: ['a', "d'oh"],
    options: { fill: [`shop.Thing.value=d'oh`] },
    back: ['a', "d'oh"],
  },
  {
    title: 'nullable to not null with a default',
    from: { type: 'int', nullable: true },
    to: { type: 'int', default: 7 },
    stored: [1, null],
    kept: [1, 7],
    back: [1, 7],
  },
  {
    title: 'another default',
    from: { type: 'varchar', default: "it's" },
    to: { type: 'varchar', default: 'b' },
    stored: ['a', undefined],
    kept: ['a', "it's"],
  },
  {
    title: 'enum with more values',
    from: { type: 'enum', enum: ['a', 'b'] },
    to: { type: 'enum', enum: ['a', 'b', 'c'] },
    stored: ['a', 'b'],
  },
  {
    title: 'enum to string',
    from: { type: 'enum', enum: ['a', 'b'] },
    to: { type: 'varchar', length: 10 },
    stored: ['a', 'b'],
  },
  {
    title: 'int to string',
    from: { type: 'int', nullable: true },
    to: { type: 'varchar', length: 30, nullable: true },
    stored: [1, null, -42],
    kept: ['1', null, '-42'],
  },
  { title: 'string to int', from: { type: 'varchar' }, to: { type: 'int' }, stored: ['1', '-42'], kept: [1, -42] },
  {
    title: 'boolean to string',
    from: { type: 'boolean' },
    to: { type: 'varchar' },
    stored: [true, false],
    kept: ['true', 'false'],
  },
  {
    title: 'string to boolean',
    from: { type: 'varchar' },
    to: { type: 'boolean' },
    stored: ['true', 'false', 'no'],
    kept: [true, false, false],
    back: ['true', 'false', 'false'],
  },
  { title: 'int to boolean', from: { type: 'int' }, to: { type: 'boolean' }, stored: [1, 0], kept: [true, false] },
  {
    title: 'text to json',
    from: { type: 'text' },
    to: { type: 'json' },
    stored: ['{"a":[1,"ü"]}', '"x"'],
    kept: [{ a: [1, 'ü'] }, 'x'],
    back: undefined,
  },
  {
    title: 'date to datetime',
    from: { type: 'date' },
    to: { type: 'datetime' },
    stored: ['2024-02-29'],
    kept: [new Date('2024-02-29T00:00:00Z')],
  },
  {
    title: 'text to uuid',
    from: { type: 'varchar', length: 36 },
    to: { type: 'uuid' },
    stored: ['6f1c7a52-6a0b-4a60-8d2b-0d8f8f3a9d11'],
  },
  {
    title: 'float to decimal',
    from: { type: 'double' },
    to: { type: 'decimal', precision: 10, scale: 2 },
    stored: [1.5, -2.25],
    kept: ['1.50', '-2.25'],
  },
];

async function insert(app: OrmTestApp, entity: Class, values: readonly unknown[]): Promise<void> {
  for (const value of values) await app.db.dataSource.manager.save(entity, value === undefined ? {} : { value });
}

async function read(app: OrmTestApp, entity: Class): Promise<readonly unknown[]> {
  const rows = (await app.db.dataSource.manager.find(entity, { order: { id: 'ASC' } })) as unknown as {
    value: unknown;
  }[];
  return rows.map(({ value }) => value);
}

describe('altering a column', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it.each(CASES)('keeps every value: $title', async ({ from, to, stored, kept = stored, options, back }) => {
      const project = new EvolvingProject(suite.url);
      const [before, after] = [thingWith(from), thingWith(to)];
      await project.evolve([before]);
      const original = await project.with([before], async (app) => {
        await insert(app, before, stored);
        return read(app, before);
      });
      await project.evolve([after], options);
      await project.with([after], async (app) => {
        expect(await read(app, after)).toEqual(kept);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
      });
      await project.with([before], async (app) => {
        await project.migrate(app, '0001');
        const values = await read(app, before);
        if (from.type !== 'text' || to.type !== 'json') expect(values).toEqual(back ?? original);
        await project.migrate(app, 'zero');
      });
    });

    it.each([
      ['too long', { type: 'varchar', length: 20 }, { type: 'varchar', length: 5 }, 'abcdef'],
      [
        'with a fraction',
        { type: 'decimal', precision: 8, scale: 4 },
        { type: 'decimal', precision: 8, scale: 2 },
        '1.2345',
      ],
      ['too large', { type: 'bigint' }, { type: 'int' }, '2147483648'],
      ['no number', { type: 'varchar' }, { type: 'int' }, 'abc'],
      ['no choice', { type: 'varchar' }, { type: 'enum', enum: ['a'] }, 'b'],
      ['with a time', { type: 'datetime' }, { type: 'date' }, new Date('2024-01-01T10:00:00Z')],
    ] as [string, ColumnOptions, ColumnOptions, unknown][])(
      'refuses a value that does not fit: %s',
      async (_title, from, to, value) => {
        const project = new EvolvingProject(suite.url);
        const [before, after] = [thingWith(from), thingWith(to)];
        await project.evolve([before]);
        const original = await project.with([before], async (app) => {
          await insert(app, before, [value]);
          return read(app, before);
        });
        await expect(project.evolve([after])).rejects.toMatchObject({
          code: expect.stringMatching(/^orm\.migration_(loss|failed)$/),
        });
        await project.with([before], async (app) => {
          expect(await read(app, before)).toEqual(original);
          await app.db.query('DROP TABLE thing');
          await app.db.query('DROP TABLE bowerbird_migrations');
        });
      },
    );

    it('adds fields of every sort to a table with rows, and removes them', async () => {
      const project = new EvolvingProject(suite.url);
      const before = thingWith({ type: 'varchar' });
      await project.evolve([before]);
      await project.with([before], (app) => insert(app, before, ['a', 'b']));
      const after = thingWith({ type: 'varchar' });
      Column({ type: 'varchar', length: 10, unique: true, nullable: true })(after.prototype, 'sku');
      Column({ type: 'int', default: 5 })(after.prototype, 'stock');
      Column({ type: 'text' })(after.prototype, 'note');
      Column({ type: 'datetime' })(after.prototype, 'seen');
      Column({ type: 'uuid', generated: 'uuid' })(after.prototype, 'token');
      await project.with([after], async (app) => {
        await expect(project.make(app)).rejects.toMatchObject({
          code: 'orm.migration_question',
          hint: expect.stringContaining('--fill shop.Thing.note='),
        });
        await project.make(app, { fill: ['shop.Thing.note="it\'s"', 'shop.Thing.seen=sql:CURRENT_TIMESTAMP'] });
        await project.migrate(app);
        const rows = (await app.db.dataSource.manager.find(after)) as unknown as Record<string, unknown>[];
        expect(rows).toHaveLength(2);
        for (const row of rows) {
          expect(row).toMatchObject({ sku: null, stock: 5, note: "it's", seen: expect.any(Date) });
          expect(row['token']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]|^[0-9a-f-]{36}$/);
        }
        expect(new Set(rows.map((row) => row['token'])).size).toBe(2);
        await expect(app.db.query("INSERT INTO thing (value, stock) VALUES ('x', 1)")).rejects.toThrow();
      });
      await project.evolve([before]);
      await project.with([before], async (app) => {
        expect(await read(app, before)).toEqual(['a', 'b']);
        await project.migrate(app, '0002');
        await project.migrate(app, 'zero');
      });
    });

    it('asks for the value of existing rows where somebody can answer', async () => {
      const project = new EvolvingProject(suite.url);
      const before = thingWith({ type: 'varchar' });
      await project.evolve([before]);
      await project.with([before], (app) => insert(app, before, ['a']));
      const after = thingWith({ type: 'varchar' });
      Column({ type: 'int' })(after.prototype, 'stock');
      await project.with([after], async (app) => {
        const io = await project.make(app, {}, new RecordedIo(['3']));
        expect(io.questions[0]).toContain('The field shop.Thing.stock is new and must have a value.');
        expect(project.files).toContain('0002_thing_stock.ts');
        await project.migrate(app);
        expect(await app.db.query('SELECT stock FROM thing')).toEqual([{ stock: 3 }]);
        await project.migrate(app, 'zero');
      });
    });
  });
});
