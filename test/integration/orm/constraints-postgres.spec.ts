import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { formClassFor } from 'bowerbird/forms';
import {
  DriftFinder,
  ExclusionConstraint,
  ExclusionError,
  Q,
  RangeOf,
  TableIndex,
  UniqueConstraint,
  type IntegrityError,
} from 'bowerbird/orm';
import { Column, Entity, Exclusion, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

@Entity()
@ExclusionConstraint<Stay>('stay_overlap', {
  elements: [
    ['room', '='],
    [RangeOf('start', 'end'), '&&'],
  ],
  where: Q({ cancelled: false }),
  message: 'The room is taken.',
  code: 'overlap',
  at: 'start',
})
@Exclusion('stay_nights', 'USING gist (int4range("first", "last", \'[]\') WITH &&) WHERE ("first" IS NOT NULL)')
@UniqueConstraint<Stay>('stay_place', { fields: ['place'], deferrable: 'deferred', include: ['room'] })
@UniqueConstraint<Stay>('stay_code', {
  fields: ['code'],
  operators: ['text_pattern_ops'],
  where: Q({ cancelled: false }),
})
@Unique('stay_card', ['card'], { deferrable: 'INITIALLY IMMEDIATE' })
@TableIndex<Stay>('stay_data', { fields: ['data'], using: 'gin', operators: ['jsonb_path_ops'] })
class Stay {
  @PrimaryGeneratedColumn() id: number;
  @Column() room: number;
  @Column('timestamptz') start: Date;
  @Column('timestamptz', { nullable: true }) end: Date | null;
  @Column({ default: false }) cancelled: boolean;
  @Column() place: number;
  @Column({ length: 20 }) code: string;
  @Column() card: number;
  @Column('json') data: object;
  @Column({ type: 'int', nullable: true }) first: number | null;
  @Column({ type: 'int', nullable: true }) last: number | null;
}

const EXTENSION = `import { Migration, ops } from 'bowerbird/orm';
export default new Migration({ operations: [ops.extension('btree_gist')] });
`;

describe('constraints that PostgreSQL alone has', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are found at the start where a database cannot keep them', async () => {
      const app = await openOrm({
        database: suite.url,
        entities: [Stay],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
      const found = findings.filter(({ id }) => id === 'orm.E055').map(({ message }) => message.replace(/^.* no /, ''));
      expect(found).toEqual(
        suite.dialect === 'postgres'
          ? []
          : [
              'exclusion constraint for stay_nights (Stay)',
              'exclusion constraint for stay_overlap (Stay)',
              'unique set that is checked later for stay_card (Stay)',
              'unique set that is checked later for stay_place (Stay)',
            ],
      );
      await app.close();
    });

    if (suite.dialect !== 'postgres') {
      it('are refused by migrations', async () => {
        const project = new EvolvingProject(suite.url);
        await project.with([Stay], async (app) => {
          const { errors } = await project.make(app);
          expect(errors.join()).toContain('not-supported');
          await expect(project.migrate(app)).rejects.toMatchObject({ code: 'orm.unsupported_schema' });
        });
      });
      return;
    }

    let count = 0;
    const stay = (more: Partial<Stay> = {}): Stay => {
      count += 1;
      const own = {
        room: 1,
        start: day(count),
        end: day(count + 1),
        place: count,
        code: `c${count}`,
        card: count,
        data: {},
      };
      return Object.assign(new Stay(), { ...own, ...more });
    };
    const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
    const every = new Set(['room', 'start', 'end', 'cancelled', 'place', 'code', 'card', 'first', 'last']);

    const migrated = async (): Promise<EvolvingProject> => {
      count = 0;
      const project = new EvolvingProject(suite.url);
      project.write('0001_extension.ts', EXTENSION);
      await project.evolve([Stay]);
      return project;
    };

    it('are made by migrations, and taken back', async () => {
      const project = await migrated();
      await project.with([Stay], async (app) => {
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        const rows = await app.db.query<{ def: string }[]>(
          "SELECT indexdef AS def FROM pg_indexes WHERE tablename = 'stay' UNION SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass('stay')",
        );
        const text = rows.map(({ def }) => def).join('\n');
        expect(text).toMatch(/UNIQUE \(place\) INCLUDE \(room\) DEFERRABLE INITIALLY DEFERRED/);
        expect(text).toMatch(/UNIQUE \(card\) DEFERRABLE$/m);
        expect(text).toMatch(/UNIQUE INDEX stay_code .* \(code text_pattern_ops\) WHERE \(cancelled = false\)/);
        expect(text).toMatch(/USING gin \(data jsonb_path_ops\)/);
        expect(text).toMatch(
          /EXCLUDE USING gist \(room WITH =, tstzrange\(start, "end", '\[\)'::text\) WITH &&\) WHERE/,
        );
        await app.db.query('ALTER TABLE stay DROP CONSTRAINT stay_place, ADD CONSTRAINT stay_place UNIQUE (place)');
        expect((await app.get(DriftFinder).find()).differences).toMatchObject([
          { name: 'stay_place', state: 'different' },
        ]);
        await project.migrate(app, 'zero');
      });
    });

    it('an exclusion is asked by a query, of other rows, and told by the form', async () => {
      const project = await migrated();
      await project.with([Stay], async ({ db }) => {
        const broken = async (row: Stay, isNew = true) =>
          (await db.brokenConstraints({ row, isNew, paths: every })).map(({ name }) => name);
        const first = await db.save(stay({ start: day(1), end: day(4) }));
        const clash = { start: day(3), end: day(5) };
        expect(await broken(stay(clash))).toEqual(['stay_overlap']);
        expect(await broken(first, false)).toEqual([]);
        expect(await broken(stay({ ...clash, room: 2 }))).toEqual([]);
        expect(await broken(stay({ ...clash, cancelled: true }))).toEqual([]);
        expect(await broken(stay({ start: day(4), end: null }))).toEqual([]);
        expect(await broken(stay({ start: day(2), end: null }))).toEqual(['stay_overlap']);
        const error = await db.save(stay(clash)).catch((thrown: unknown) => thrown as IntegrityError);
        expect(error).toBeInstanceOf(ExclusionError);
        expect(error).toMatchObject({
          code: 'orm.exclusion',
          status: 409,
          constraint: 'stay_overlap',
          fields: ['room', 'start', 'end', 'cancelled'],
          broken: [{ name: 'stay_overlap', code: 'overlap', message: 'The room is taken.', at: 'start' }],
        });
        await expect(db.save(stay(clash), { validate: true })).rejects.toMatchObject({ code: 'orm.exclusion' });
        await db.save(stay({ start: day(20), end: day(21), first: 1, last: 3 }));
        expect(await broken(stay({ start: day(30), end: day(31), first: 3, last: 9 }))).toEqual(['stay_nights']);
      });
    });

    it('two forms that meet are told the same, whether they ask or the database refuses', async () => {
      const project = await migrated();
      await project.with([Stay], async ({ db }) => {
        const Form = formClassFor(db.describe(Stay), {
          fields: ['room', 'start', 'end', 'place', 'code', 'card', 'data'],
        });
        const input = (number: number) => {
          const plain = { place: String(number), code: `c${number}`, card: String(number), data: '{}' };
          return { room: '1', start: '2026-01-01T00:00', end: '2026-01-02T00:00', ...plain };
        };
        const told = (form: InstanceType<typeof Form>) =>
          [...form.errors].map(([field, list]) => [field, ...list.map(({ code, message }) => `${code}: ${message}`)]);
        const forms = [1, 2].map((number) => new Form({ database: db, data: input(number) as never }));
        for (const form of forms) expect(await form.isValid()).toBe(true);
        const saved = await Promise.all(forms.map((form) => form.trySave()));
        expect(saved.filter((row) => row !== null)).toHaveLength(1);
        expect(told(forms[saved.indexOf(null)]!)).toEqual([['start', 'overlap: The room is taken.']]);
        const late = new Form({ database: db, data: input(3) as never });
        expect(await late.isValid()).toBe(false);
        expect(told(late)).toEqual([['start', 'overlap: The room is taken.']]);
      });
    });

    it('a set that is checked later lets rows change places', async () => {
      const project = await migrated();
      await project.with([Stay], async ({ db }) => {
        const [one, two] = [await db.save(stay()), await db.save(stay())];
        const move = (row: Stay, place: number) => db.objects(Stay).filter({ id: row.id }).update({ place });
        await db.atomic(async () => {
          await move(one, two.place);
          await move(two, one.place);
        });
        const swap = db.atomic(() => move(one, one.place));
        await expect(swap).rejects.toMatchObject({ code: 'orm.unique', constraint: 'stay_place', fields: ['place'] });
      });
    });

    it('an extension that the server has not got is named', async () => {
      const project = new EvolvingProject(suite.url);
      project.write('0001_extension.ts', EXTENSION.replace('btree_gist', 'nobody_has_this'));
      await project.with([] as Class[], async (app) => {
        await expect(project.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_failed',
          message: expect.stringContaining('nobody_has_this') as string,
        });
      });
    });
  });
});
