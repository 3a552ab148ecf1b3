import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { DriftFinder, Fixtures, InspectDbCommand } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn, type ColumnOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

@Entity('native')
class Native {
  @PrimaryGeneratedColumn() id: number;
  @Column('int', { array: true, nullable: true }) numbers: number[] | null;
  @Column('text', { array: true, nullable: true }) texts: string[] | null;
  @Column('numeric', { array: true, nullable: true }) prices: string[] | null;
  @Column('int4range', { nullable: true }) span: string | null;
  @Column('daterange', { nullable: true }) days: string | null;
  @Column('tstzrange', { nullable: true }) during: string | null;
  @Column('hstore', { nullable: true, hstoreType: 'object' }) attributes: Record<string, string | null> | null;
  @Column('citext', { nullable: true }) name: string | null;
  @Column('point', { nullable: true }) place: string | { x: number; y: number } | null;
  @Column('inet', { nullable: true }) address: string | null;
}

type Values = Omit<Native, 'id'>;

const ROWS: readonly Values[] = [
  {
    numbers: [1, -2, 2_147_483_647],
    texts: ['a', '', 'with "quotes", comma', 'NULL', '{}\\'],
    prices: ['0.10', '12345678901234567890.123'],
    span: '[1,10)',
    days: '[2026-01-01,2026-02-01)',
    during: '["2026-01-01 00:00:00+00","2026-01-02 12:30:00+00")',
    attributes: { color: 'red', 'a "key"': 'x => y', empty: '', none: null },
    name: 'Émile',
    place: { x: 1.5, y: -2 },
    address: '192.168.0.1',
  },
  {
    numbers: [],
    texts: [],
    prices: [],
    span: 'empty',
    days: '[2026-01-01,)',
    during: '(,)',
    attributes: {},
    name: '',
    place: { x: 0, y: 0 },
    address: '::1',
  },
  {
    numbers: null,
    texts: null,
    prices: null,
    span: null,
    days: null,
    during: null,
    attributes: null,
    name: null,
    place: null,
    address: null,
  },
];

const EXTENSIONS = `import { Migration, ops } from 'bowerbird/orm';
export default new Migration({ operations: [ops.extension('citext'), ops.extension('hstore')] });
`;

/** An entity with one column of a type. */
function withColumn(type: string, options: ColumnOptions = {}): Class {
  @Entity('native')
  class One {
    @PrimaryGeneratedColumn() id: number;
    value: unknown;
  }
  Column({ type: type as 'text', nullable: true, ...options })(One.prototype, 'value');
  return One;
}

describe('columns of types that PostgreSQL alone has', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    if (suite.dialect !== 'postgres') {
      it.each(['int4range', 'tstzrange', 'hstore', 'citext', 'halfvec', 'geography', 'tsvector', 'inet'])(
        'are refused before anything is connected: %s',
        async (type) => {
          const open = openOrm({ database: suite.url, entities: [withColumn(type)], synchronize: false });
          await expect(open).rejects.toMatchObject({
            code: 'orm.entity_metadata',
            message: expect.stringContaining(`"${type}"`) as string,
          });
        },
      );

      // TypeORM knows the name of the second one on MySQL, of which few servers have it.
      const known: [string, ColumnOptions][] = [
        ['int[]', { array: true }],
        ...(suite.dialect === 'mysql' ? [['vector(3)', { length: 3 }] as [string, ColumnOptions]] : []),
      ];
      it.each(known)('are found at the start, and refused by migrations: %s', async (type, options) => {
        const lists = withColumn(/^\w+/.exec(type)![0], options);
        const app = await openOrm({
          database: suite.url,
          entities: [lists],
          imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
          synchronize: false,
        });
        const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
        expect(findings.filter(({ id }) => id === 'orm.E058').map(({ message }) => message)).toEqual([
          `One.value is of the type ${type}, which ${suite.dialect} has not got`,
        ]);
        await app.close();
        const project = new EvolvingProject(suite.url);
        await project.with([lists], async (other) => {
          expect((await project.make(other)).errors.join()).toContain('not-supported');
          await expect(project.migrate(other)).rejects.toMatchObject({ code: 'orm.unsupported_schema' });
        });
      });

      it('are refused where somebody else wrote the migration', async () => {
        const project = new EvolvingProject(suite.url);
        project.write(
          '0001_initial.ts',
          `import { Migration, ops } from 'bowerbird/orm';
           export default new Migration({ operations: [
             ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), name: ops.string({ native: 'citext' }) } }),
           ] });`,
        );
        await project.with([], async (app) => {
          await expect(project.migrate(app)).rejects.toMatchObject({
            code: 'orm.unsupported_schema',
            message: `${suite.dialect} has no columns of the type citext`,
          });
        });
      });
      return;
    }

    const migrated = async (): Promise<EvolvingProject> => {
      const project = new EvolvingProject(suite.url);
      project.write('0001_extensions.ts', EXTENSIONS);
      await project.evolve([Native]);
      return project;
    };
    const withoutId = ({ id: _id, ...values }: Native): Values => values;

    it('keep every value through query sets and repositories', async () => {
      const project = await migrated();
      await project.with([Native], async ({ db }) => {
        const rows = db.objects(Native);
        await rows.create(ROWS[0] as never);
        await rows.bulkCreate([ROWS[1] as never]);
        await db.save(Object.assign(new Native(), ROWS[2]));
        const read = async () => (await rows.orderBy('id').all()).map((row) => withoutId(row));
        expect(await read()).toEqual(ROWS);
        const found = await db.dataSource.getRepository(Native).find({ order: { id: 'ASC' } });
        expect(found.map((row) => withoutId(row))).toEqual(ROWS);
        expect(await rows.filter({ name: 'éMILE' }).count()).toBe(1);
        expect(await rows.filter({ numbers__contains: [1] } as never).count()).toBe(1);
        await rows.filter({ name: 'Émile' }).update(ROWS[1] as never);
        expect((await read())[0]).toEqual(ROWS[1]);
        const [first] = await rows.orderBy('id').all();
        await db.save(Object.assign(first!, ROWS[0]));
        expect((await read())[0]).toEqual(ROWS[0]);
      });
    });

    it('are what the migrations say, and what inspectdb finds', async () => {
      const project = await migrated();
      await project.with([Native], async (app) => {
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
      });
      await project.with([], async (app) => {
        const { text } = await project.run(app, InspectDbCommand, {}, { dryRun: true });
        for (const list of ['integer', 'text', 'numeric']) expect(text).toContain(`@Column('${list}', { array: true`);
        // What other databases have no word for is text there, and here what it was.
        for (const type of ['int4range', 'daterange', 'tstzrange', 'hstore', 'citext', 'point', 'inet'])
          expect(text).toContain(`types: { postgres: '${type}' }`);
      });
    });

    it('have lists as defaults, written as values or as SQL', async () => {
      const lists: [ColumnOptions, unknown, unknown[]][] = [
        [{ default: [] }, [], ['x']],
        [{ default: '{}' }, [], []],
        [{ default: '{a,"b c"}' }, ['a', 'b c'], []],
        [{ default: ['a', 'b "c"', "it's", '', 'NULL', '\\'] }, ['a', 'b "c"', "it's", '', 'NULL', '\\'], []],
        [{ default: () => "ARRAY['a']::text[]" }, ['a'], ['b']],
      ];
      for (const [options, made, next] of lists) {
        const project = new EvolvingProject(suite.url);
        await project.evolve([withColumn('text', { array: true, nullable: false })]);
        const One = withColumn('text', { array: true, nullable: false, ...options });
        await project.with([One], async (app) => {
          await app.db.query("INSERT INTO native (value) VALUES (ARRAY['old'])");
          await project.make(app);
          await project.migrate(app);
          expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
          const rows = app.db.objects(One).untyped();
          await rows.create({});
          expect(await rows.orderBy('id').flat('value').all()).toEqual([['old'], made]);
        });
        await project.evolve([withColumn('text', { array: true, nullable: false, default: next })]);
        await project.with([], async (app) => {
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
          await project.migrate(app, 'zero');
          expect(await app.db.query("SELECT to_regclass('native') AS found")).toEqual([{ found: null }]);
        });
        await wipe(suite.url);
      }
    });

    it('have empty lists of every type as defaults, in new columns of tables with rows', async () => {
      const project = new EvolvingProject(suite.url);
      const bare = (): Class => {
        @Entity('native')
        class Listed {
          @PrimaryGeneratedColumn() id: number;
        }
        return Listed;
      };
      await project.evolve([bare()]);
      @Entity('native')
      class Listed {
        @PrimaryGeneratedColumn() id: number;
        @Column('text', { array: true, default: [] }) texts: string[];
        @Column('int', { array: true, default: [1, -2] }) numbers: number[];
        @Column('numeric', { array: true, default: '{}' }) prices: string[];
        @Column('boolean', { array: true, default: [true] }) flags: boolean[];
        @Column('timestamptz', { array: true, default: [] }) moments: Date[];
        @Column('uuid', { array: true, default: [] }) tokens: string[];
      }
      await project.with([Listed], async (app) => {
        await app.db.query('INSERT INTO native DEFAULT VALUES');
        await project.make(app);
        await project.migrate(app);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        const [row, made] = [await app.db.objects(Listed).get(), await app.db.objects(Listed).create({})];
        for (const { id: _id, ...values } of [row, made])
          expect(values).toEqual({ texts: [], numbers: [1, -2], prices: [], flags: [true], moments: [], tokens: [] });
      });
      await project.evolve([bare()]);
      await project.with([], async (app) => expect((await app.get(DriftFinder).find()).differences).toEqual([]));
    });

    it('come out of a dump as they went in', async () => {
      const project = await migrated();
      await project.with([Native], async (app) => {
        const rows = app.db.objects(Native);
        await rows.bulkCreate(ROWS);
        for (const format of ['json', 'yaml', 'xml']) {
          const text = await app.get(Fixtures).dump({ entities: ['shop.native'], format });
          await rows.delete();
          await app.get(Fixtures).loadText(text, { format });
          expect((await rows.orderBy('id').all()).map((row) => withoutId(row))).toEqual(ROWS);
        }
      });
    });

    it.each([
      ['vector', { length: 3 }, 'vector'],
      ['geometry', { spatialFeatureType: 'Point', srid: 4326 }, 'postgis'],
      ['ltree', {}, 'ltree'],
    ])('name the extension that is missing: %s', async (type, options, extension) => {
      const project = new EvolvingProject(suite.url);
      await project.with([withColumn(type, options)], async (app) => {
        await project.make(app);
        await expect(project.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_failed',
          message: expect.stringContaining(`"${type}" does not exist`) as string,
          hint: expect.stringContaining(`ops.extension('${extension}')`) as string,
        });
      });
    });
  });
});
