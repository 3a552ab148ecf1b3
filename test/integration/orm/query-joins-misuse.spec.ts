import {
  Count,
  F,
  FilteredRelation,
  Lower,
  Max,
  OuterRef,
  Rank,
  rawSql,
  Subquery,
  Sum,
  Upper,
  Window,
  type QuerySet,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { City, Country, fillWorld, Landmark, openWorld, Tag, Visit, Ward, WORLD } from './query.world.js';

/** A query whose methods take whatever they are given. */
type Loose = QuerySet & {
  join(name: unknown, source: unknown, options?: unknown): Loose;
  joined(relations: unknown): Loose;
  values(...paths: string[]): Loose;
  annotate(values: object): Loose;
  asTable(): Loose;
};

const NO_NAMES = ['', ' ', 'a b', 'a.b', 'a"b', 'a`b', "a'b", 'a;DROP TABLE city', 'é', 'a-b', '1a', 'a__b', 'pk'];
const PROTOTYPES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const TAKEN = ['name', 'country', 'tags', 'id', 'location'];
/** Words and aliases of statements, which mean nothing there. */
const FREE = ['select', 'order', 't0', 't1', 'c0', 'k0', 'w0', '$', '_', 'matched', 'cityId', 'A'.repeat(100)];

describe('what joins refuse', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let other: OrmTestApp;
    beforeAll(async () => {
      app = await openWorld(database.url);
      await fillWorld(app);
      other = await openOrm({ database: 'sqlite::memory:', entities: WORLD });
    });
    afterAll(async () => {
      await app?.close();
      await other?.close();
    });

    const rows = (entity: new () => object): Loose => app.db.objects(entity).untyped();
    const cities = (): Loose => rows(City).orderBy('name');
    const marks = (): Loose => rows(Landmark).orderBy('name');
    const on = { id: F('mark.city') };
    const marked = (kind = 'inner'): Loose => cities().join('mark', marks(), { on, kind });
    const land = (): Loose => cities().join('land', rows(Country), { on: { country: F('land.code') } });
    const counts = (): Loose =>
      marks()
        .orderBy()
        .values('city')
        .annotate({ n: Count('id') });
    const table = (): Loose => counts().asTable();

    /** The codes of the errors of some attempts, by their names. */
    async function codes(attempts: Readonly<Record<string, () => unknown>>): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      for (const [name, attempt] of Object.entries(attempts))
        try {
          await app.db.atomic(async () => {
            await attempt();
          });
          found[name] = 'nothing is refused';
        } catch (error) {
          found[name] = (error as { code?: string }).code ?? String(error);
        }
      return found;
    }

    const all = (code: string, attempts: object): Record<string, string> =>
      Object.fromEntries(Object.keys(attempts).map((name) => [name, code]));

    it('names that are none, or taken', async () => {
      const attempts = Object.fromEntries(
        [...NO_NAMES, ...PROTOTYPES, ...TAKEN].flatMap((name) => [
          [`${name} joined`, () => cities().join(name, marks(), { on: {} }).all()],
          [`${name} of a full join`, () => cities().join(name, marks(), { on: {}, kind: 'full' }).all()],
          [`${name} narrowed`, () => cities().joined(Object.fromEntries([[name, FilteredRelation('landmarks', {})]]))],
        ]),
      );
      expect(await codes(attempts)).toEqual(all('orm.query_usage', attempts));
      const twice = {
        joined: () => marked().join('mark', marks(), { on: {} }),
        annotated: () => marked().annotate({ mark: Count('tags') }),
        narrowed: () => marked().joined({ mark: FilteredRelation('landmarks', {}) }),
        'narrowed before': () =>
          cities()
            .joined({ m: FilteredRelation('tags', {}) })
            .join('m', marks(), { on: {} }),
        'annotated before': () =>
          cities()
            .annotate({ m: Count('tags') })
            .join('m', marks(), { on: {} }),
        'selected by the table': () => table().join('n', cities(), { on: {} }),
        'no text': () => cities().join(5, marks(), { on: {} }),
      };
      expect(await codes(twice)).toEqual(all('orm.query_usage', twice));
    });

    it('no name for what it would be in SQL', async () => {
      for (const name of FREE) {
        const joined = cities().join(name, marks(), { on: { id: F(`${name}.city`) }, kind: 'left' });
        expect(await joined.values('name', `${name}.name`).count(), name).toBe(8);
        const full = cities().join(name, marks(), { on: { id: F(`${name}.city`) }, kind: 'full' });
        expect(await full.values('name', `${name}.name`).count(), name).toBe(8);
        const one = cities().join(name, rows(Country), { on: { country: F(`${name}.code`) } });
        expect(
          await one
            .annotate({ x: F(`${name}.name`) })
            .filter({ x: 'Germany' })
            .count(),
          name,
        ).toBe(2);
        const narrowed = cities().joined({ [name]: FilteredRelation('landmarks', { 'landmarks.height__gt': 300 }) });
        expect(await narrowed.filter({ [`${name}__isnull`]: false }).count(), name).toBe(3);
      }
    });

    it('conditions over what is not there', async () => {
      const join = (condition: unknown) => () => cities().join('mark', marks(), { on: condition }).values('name').all();
      const unknown = {
        'another alias': join({ id: F('marc.city') }),
        'another alias in a key': join({ 'marc.city': 1 }),
        'a column': join({ id: F('mark.citty') }),
        'a column in a key': join({ 'mark.citty': 1 }),
        'a later join': () =>
          cities()
            .join('mark', marks(), { on: { id: F('v.id') } })
            .join('v', rows(Visit), { on: {} })
            .all(),
        'a later join in a key': () =>
          cities()
            .join('mark', marks(), { on: { 'v.stars': 1 } })
            .join('v', rows(Visit), { on: {} })
            .values('name')
            .all(),
        'a name narrowed beside it': () =>
          cities().joined({ x: FilteredRelation('landmarks', { 'y.name': 'x' }), y: FilteredRelation('tags', {}) }),
        'a filter': () => marked().filter({ 'mark.nope': 1 }).all(),
        'a value': () => marked().values('mark.nope').all(),
        'a value further on': () => marked().values('mark.city.nope').all(),
      };
      expect(await codes(unknown)).toEqual(all('orm.unknown_path', unknown));
      const unfit = {
        'many rows of its own': join({ 'mark.id': F('landmarks.id') }),
        'many rows of the other side': join({ id: F('mark.visits.stars') }),
        'many rows of the other side in a key': join({ 'mark.visits.stars': 1 }),
        'a key of several columns': () =>
          cities()
            .join('w', rows(Ward), { on: { id: F('w.pk') } })
            .values('name')
            .all(),
        'a value of many rows': () => marked().values('mark.visits.stars').all(),
        'a value of one of several rows': () =>
          marked()
            .annotate({ h: F('mark.height') })
            .all(),
        'an order by one of several rows': () => marked().orderBy('mark.height').all(),
        'a column that is no relation': () => cities().joined({ x: FilteredRelation('name', {}) }),
        'rows beside the way': () => cities().joined({ x: FilteredRelation('landmarks', { 'tags.name': 'x' }) }),
      };
      expect(await codes(unfit)).toEqual(all('orm.unfit_path', unfit));
      expect(await codes({ lookup: join({ 'mark.height__foo': 1 }) })).toEqual({ lookup: 'orm.unknown_lookup' });
      expect(await codes({ value: join({ 'mark.height': 'x' }) })).toEqual({ value: 'orm.bad_lookup_value' });
    });

    it('conditions that are none', async () => {
      const join = (condition: unknown, kind?: unknown) => () =>
        cities().join('mark', marks(), { on: condition, kind }).values('name').all();
      const usage = {
        nothing: join(undefined),
        text: join('id = city'),
        'a list': join([]),
        'a function': join(() => 1),
        'a date': join(new Date()),
        'a map': join(new Map()),
        'a promise': join(Promise.resolve({})),
        'a value': join(F('name')),
        'an aggregate': join({ id: Count('mark.id') }),
        'a window': join({ id: Window(Rank(), { orderBy: 'id' }) }),
        'a window behind a name': () =>
          cities()
            .annotate({ r: Window(Rank(), { orderBy: 'id' }) })
            .join('mark', marks(), { on: { 'mark.id': F('r') } })
            .all(),
        'a row around that is none': join({ id: OuterRef('x') }),
        'kinds that do not compare': join({ id: F('mark.name') }),
        'a kind that there is not': join({}, 'cross'),
        'a kind of the prototype': join({}, 'toString'),
        'no options': () => cities().join('mark', marks()),
        'a narrowing aggregate': () =>
          cities().joined({ x: FilteredRelation('landmarks', { 'landmarks.height': Max('landmarks.height') }) }),
        'no narrowing': () => cities().joined({ x: 'twin' }),
        'a list of narrowings': () => cities().joined([FilteredRelation('twin', {})]),
      };
      expect(await codes(usage)).toEqual(all('orm.query_usage', usage));
    });

    it('queries of another shape or database', async () => {
      const join = (source: unknown) => () => cities().join('mark', source, { on: {} }).values('name').all();
      const usage = {
        'a class': join(Landmark),
        'one value': join(marks().flat('city')),
        lists: join(marks().valuesList('city', 'name')),
        'no values': join(marks().values()),
        'rows that are locked': join(marks().selectForUpdate()),
        'rows of another database': join(other.db.objects(Landmark)),
        'a row around that is none': join(marks().filter({ city: OuterRef('id') })),
        'a table of one value': () => (marks().flat('city') as Loose).asTable().all(),
        'a table of lists': () => (marks().valuesList('city') as unknown as Loose).asTable().all(),
        'a table of entities': () => cities().asTable(),
        'a table of pairs': () => marked('full').asTable(),
        'a table of locked rows': () => counts().selectForUpdate().asTable().all(),
        'after a slice': () => cities().slice(0, 2).join('mark', marks(), { on }),
        'after values': () => cities().values('name').join('mark', marks(), { on }),
        'after one value': () => (cities().flat('name') as unknown as Loose).join('mark', marks(), { on }),
        'after distinct()': () => cities().distinct().join('mark', marks(), { on }),
        'after distinctOn()': () => cities().distinctOn('name').join('mark', marks(), { on }),
        'after a lock': () => cities().selectForUpdate().join('mark', marks(), { on }),
        'after groups': () =>
          cities()
            .values('country')
            .annotate({ n: Count('id') })
            .join('mark', marks(), { on }),
        'after a union of values': () =>
          (cities().orderBy().values('name').union(cities().orderBy().values('name')) as Loose).join('m', marks(), {
            on: {},
          }),
        'a narrowing after a slice': () =>
          cities()
            .slice(0, 1)
            .joined({ x: FilteredRelation('twin', {}) }),
        'a narrowing of values': () =>
          cities()
            .values('name')
            .joined({ x: FilteredRelation('twin', {}) }),
        'a whole row as a text': () =>
          marked()
            .values('name')
            .annotate({ x: Lower('mark') })
            .all(),
        'a subquery of several values': () =>
          cities()
            .annotate({ x: Subquery(table()) })
            .all(),
        'a list of several values': () => cities().filter({ pk__in: table() }).all(),
        'a list of pairs': () =>
          cities()
            .filter({ pk__in: marked('full') })
            .all(),
        'groups whose rows are repeated': () =>
          marked()
            .orderBy()
            .values('country')
            .annotate({ n: Sum('population') })
            .all(),
      };
      expect(await codes(usage)).toEqual(all('orm.query_usage', usage));
    });

    it('changes and locks of rows that are none of the entity', async () => {
      const usage = {
        'an update by a joined row': () => land().update({ notes: F('land.name') }),
        'an update by a name for one': () => (land().alias({ l: F('land.name') }) as Loose).update({ notes: F('l') }),
        'an update of pairs': () => marked('full').update({ notes: 'x' }),
        'an update of a table': () => table().update({ n: 1 }),
        'deleted pairs': () => marked('right').delete(),
        'a deleted table': () => table().delete(),
        'a counted deletion': () => table().deleteAndCount(),
        'what a deletion would do to a table': () => table().deletionEffects(),
        'what a deletion would do to pairs': () => marked('full').deletionEffects(),
        'rows of a table stored': () => table().bulkUpdate([], ['n'] as never),
        'rows of pairs made': () => marked('full').bulkCreate([{ name: 'x' }]),
        'a row of a table made': () => table().create({ n: 1 }),
        'pairs locked': () => marked('full').selectForUpdate().all(),
        'a table locked': () => table().selectForUpdate().all(),
        'pairs as entities': () => marked('full').all(),
        'one pair': () => marked('right').first(),
        'pages of pairs': () => marked('full').values('name').page({ size: 2 }),
        'pairs by their keys': () => marked('full').inBulk([1]),
        'a table by keys': () => table().inBulk([1]),
        'fields of a table': () => (table() as QuerySet).only('n'),
        'SQL of a table': () => table().raw(rawSql('SELECT 1')),
      };
      expect(await codes(usage)).toEqual(all('orm.query_usage', usage));
      const unknown = {
        'an update of the joined row': () => marked().update({ 'mark.name': 'x' }),
        'the joined row loaded': () => land().selectRelated('land').all(),
        'the joined row prefetched': () => marked().prefetchRelated('mark').all(),
        'a field of the joined row alone': () => land().only('land.name').all(),
        'the joined row locked': () =>
          land()
            .selectForUpdate({ of: ['land'] })
            .all(),
        'a field of the entity behind a table': () => table().filter({ height: 1 }).all(),
        'an order of the entity behind a table': () => table().orderBy('name').all(),
        'a relation behind a table': () => table().values('city.name').all(),
        'a count of relations behind a table': () =>
          table()
            .annotate({ x: Count('visits') })
            .all(),
        'the key behind a table': () => table().filter({ pk: 1 }).all(),
      };
      expect(await codes(unknown)).toEqual(all('orm.unknown_path', unknown));
      expect(await app.db.objects(Tag).count()).toBe(4);
    });

    it('annotations that would change what conditions before them mean', async () => {
      const usage = {
        'a filter': () =>
          cities()
            .filter({ name: 'Berlin' })
            .annotate({ name: Upper('name') } as never),
        'a filter by a lookup': () =>
          cities()
            .filter({ landmarks__isnull: false })
            .annotate({ landmarks: Count('landmarks') } as never),
        'an expression of a filter': () =>
          cities()
            .filter({ notes: F('name__lower') })
            .annotate({ name: Upper('name') } as never),
        'a join': () => land().annotate({ country: Upper('name') }),
        'an earlier name': () =>
          (
            cities()
              .annotate({ n: Count('tags') })
              .filter({ n: 2 }) as Loose
          ).annotate({ n: Count('landmarks') }),
      };
      expect(await codes(usage)).toEqual(all('orm.query_usage', usage));
      const behind = cities()
        .annotate({ landmarks: Count('landmarks') })
        .filter({ landmarks__gt: 1 });
      expect(await behind.count()).toBe(2);
    });
  });
});
