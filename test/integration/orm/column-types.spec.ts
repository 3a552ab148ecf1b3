import { DriftFinder, Fixtures, InspectDbCommand, type QuerySet } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

@Entity('sample')
class Sample {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'smallint', nullable: true }) small: number | null;
  @Column({ type: 'int', nullable: true }) whole: number | null;
  @Column({ type: 'bigint', nullable: true }) big: string | null;
  @Column({ type: 'float4', nullable: true }) single: number | null;
  @Column({ type: 'double', nullable: true }) double: number | null;
  @Column({ type: 'boolean', nullable: true }) flag: boolean | null;
  @Column({ type: 'varchar', length: 40, nullable: true }) text: string | null;
  @Column({ type: 'text', nullable: true }) long: string | null;
  @Column({ type: Date, nullable: true }) moment: Date | null;
  @Column({ type: 'date', nullable: true }) day: string | null;
  @Column({ type: 'time', nullable: true }) clock: string | null;
  @Column({ type: 'uuid', nullable: true }) uuid: string | null;
  @Column({ type: 'json', nullable: true }) json: unknown;
  @Column({ type: 'decimal', precision: 12, scale: 3, nullable: true }) decimal: string | null;
  @Column({ type: 'blob', nullable: true }) bytes: Buffer | null;
}

type Values = Omit<Sample, 'id'>;

const EMPTY: Values = {
  small: null,
  whole: null,
  big: null,
  single: null,
  double: null,
  flag: null,
  text: null,
  long: null,
  moment: null,
  day: null,
  clock: null,
  uuid: null,
  json: null,
  decimal: null,
  bytes: null,
};

/** The least, the greatest and some between. */
const ROWS: readonly Values[] = [
  {
    small: -32_768,
    whole: -2_147_483_648,
    big: '-9223372036854775808',
    single: -0.5,
    double: -1.7976931348623157e308,
    flag: false,
    text: '',
    long: '',
    moment: new Date('1970-01-01T00:00:00.000Z'),
    day: '0001-01-01',
    clock: '00:00:00',
    uuid: '00000000-0000-0000-0000-000000000000',
    json: [],
    decimal: '-999999999.999',
    bytes: Buffer.alloc(0),
  },
  {
    small: 32_767,
    whole: 2_147_483_647,
    big: '9223372036854775807',
    single: 16_777_216,
    double: 5e-324,
    flag: true,
    text: 'it\'s \\ "ü" 🐦 \u2028',
    long: 'line\nline\r\n\ttab '.repeat(1000),
    moment: new Date('2999-12-31T23:59:59.999Z'),
    day: '9999-12-31',
    clock: '23:59:59',
    uuid: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
    json: { a: [1, 2.5, null, true, 'x', { deep: {} }], 'ü"\'': '\\', big: 9_007_199_254_740_991 },
    decimal: '999999999.999',
    bytes: Buffer.from([0, 1, 127, 128, 255, 0, 39, 92]),
  },
  EMPTY,
];

describe('columns of every type', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const withoutId = ({ id: _id, ...values }: Sample): Values => values;
    const rowsOf = async (query: QuerySet<Sample>): Promise<Values[]> =>
      (await query.orderBy('id').all()).map((row) => withoutId(row));

    const migrated = async (): Promise<EvolvingProject> => {
      const project = new EvolvingProject(suite.url);
      await project.evolve([Sample]);
      return project;
    };

    it('keep every value through query sets, in every way to store and to ask', async () => {
      const project = await migrated();
      await project.with([Sample], async ({ db }) => {
        const rows = db.objects(Sample);
        await rows.create(ROWS[0] as never);
        await rows.bulkCreate([ROWS[1] as never]);
        await db.save(Object.assign(new Sample(), ROWS[2]));
        expect(await rowsOf(rows)).toEqual(ROWS);
        expect(
          (await rows
            .orderBy('id')
            .values(...(Object.keys(EMPTY) as never[]))
            .all()) as unknown,
        ).toEqual(ROWS);
        const found = await db.dataSource.getRepository(Sample).find({ order: { id: 'ASC' } });
        expect(found.map((row) => withoutId(row))).toEqual(ROWS);
        for (const [place, row] of ROWS.slice(0, 2).entries())
          for (const [path, value] of Object.entries(row)) {
            const match = await rows
              .filter({ [path]: value } as never)
              .flat('id')
              .all();
            expect([path, match]).toEqual([path, [place + 1]]);
          }
        for (const path of Object.keys(EMPTY))
          expect(
            await rows
              .filter({ [`${path}__isnull`]: true } as never)
              .flat('id')
              .all(),
          ).toEqual([3]);
        await rows.filter({ id: 3 }).update(ROWS[1] as never);
        expect((await rowsOf(rows))[2]).toEqual(ROWS[1]);
      });
    });

    it('are what the migrations say, and take going there and back', async () => {
      const project = await migrated();
      await project.with([Sample], async (app) => {
        await app.db.objects(Sample).bulkCreate(ROWS);
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
      });
    });

    it('come out of a dump as they went in, in every format', async () => {
      const project = await migrated();
      await project.with([Sample], async (app) => {
        const rows = app.db.objects(Sample);
        await rows.bulkCreate(ROWS);
        const fixtures = app.get(Fixtures);
        for (const format of ['json', 'jsonl', 'yaml', 'xml']) {
          const text = await fixtures.dump({ entities: ['shop.sample'], format });
          await rows.delete();
          await fixtures.loadText(text, { format });
          expect([format, await rowsOf(rows)]).toEqual([format, ROWS]);
        }
      });
    });

    it('are read back from the database as entities of the same types', async () => {
      const project = await migrated();
      await project.with([], async (app) => {
        const { text } = await project.run(app, InspectDbCommand, {}, { dryRun: true });
        const types = [...text.matchAll(/@Column\('(\w+)'(, \{ (?!nullable).*)?/g)].map(([, type]) => type);
        const usual = 'integer integer bigint double double boolean varchar text datetime date time'.split(' ');
        // SQLite has no names for these two; MySQL has none for keys of this kind.
        const others = { sqlite: ['varchar', 'text'], postgres: ['uuid', 'json'], mysql: ['varchar', 'json'] };
        expect(types).toEqual([...usual, ...others[suite.dialect], 'decimal', 'blob']);
        expect(text).toContain('precision: 12, scale: 3');
      });
    });
  });
});
