import { Injectable } from '@nestjs/common';
import {
  Avg,
  BadLookupValueError,
  bind,
  Cast,
  Concat,
  Count,
  CustomLookup,
  Extract,
  F,
  JsonLength,
  Length,
  LookupSource,
  Lower,
  Max,
  Q,
  QueryUsageError,
  rawSql,
  RowNumber,
  sql,
  Sum,
  UnknownLookupError,
  Upper,
  Value,
  Window,
  type QuerySet,
} from 'bowerbird/orm';
import { Column, Entity, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Shelf {
  @PrimaryColumn()
  id: number;

  @OneToMany(() => Thing, (thing) => thing.shelf)
  things: Relation<Thing>[];
}

@Entity()
class Thing {
  @PrimaryColumn()
  id: number;

  @ManyToOne(() => Shelf, (shelf) => shelf.things, { nullable: true })
  shelf: Relation<Shelf> | null;

  @Column({ type: 'varchar', length: 60, nullable: true })
  name: string | null;

  /** A part of a name. */
  @Column({ type: 'varchar', length: 20, nullable: true })
  part: string | null;

  @Column({ type: 'int', nullable: true })
  whole: number | null;

  @Column({ type: 'bigint', nullable: true })
  big: string | null;

  @Column({ type: 'decimal', precision: 12, scale: 3, nullable: true })
  exact: string | null;

  @Column({ type: 'double precision', nullable: true })
  real: number | null;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ type: 'datetime', nullable: true })
  moment: Date | null;

  @Column({ type: 'time', nullable: true })
  clock: string | null;

  @Column({ type: 'boolean', nullable: true })
  flag: boolean | null;

  @Column({ type: 'uuid', nullable: true })
  code: string | null;

  @Column({ type: 'json', nullable: true })
  data: unknown;
}

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';

const THINGS: readonly Partial<Thing>[] = [
  {
    id: 1,
    name: 'Äpfel & 50% Öl',
    part: '50%',
    whole: -5,
    big: '9007199254740993',
    exact: '0.100',
    real: 0.5,
    day: '2024-02-29',
    moment: new Date('2024-02-29T23:59:59.999Z'),
    clock: '08:30:00',
    flag: true,
    code: FIRST,
    data: {
      city: 'Oslo',
      size: 5,
      tags: ['a', 'b'],
      deep: { x: null, list: [{ n: 1 }, { n: 2 }] },
      on: true,
      '0': 'zero',
    },
  },
  {
    id: 2,
    name: 'line\nbreak_x',
    part: 'K_X',
    whole: 0,
    big: '9007199254740992',
    exact: '0.200',
    real: -2.25,
    day: '2025-12-29',
    moment: new Date('2025-12-29T00:00:00.001Z'),
    clock: '23:59:59',
    flag: false,
    code: SECOND,
    data: { city: 'oslo', size: 2.5, tags: [], deep: { x: 1 }, on: false },
  },
  {
    id: 3,
    name: 'a.b*c\\d',
    part: 'a.b*c\\',
    whole: 7,
    big: '-1',
    exact: '10.000',
    real: 1e10,
    day: '2026-01-01',
    moment: new Date('2026-01-01T12:00:00.000Z'),
    clock: '00:00:00',
    flag: null,
    code: null,
    data: ['a', 1, { city: 'Oslo' }],
  },
  {
    id: 4,
    name: '',
    part: '',
    whole: null,
    big: null,
    exact: null,
    real: null,
    day: null,
    moment: null,
    clock: null,
    data: 'text',
  },
  { id: 5, name: null, whole: 100, exact: '9.999', data: null },
];

/** Lookups and the ids of the rows that they find; then those that they leave when they are excluded. */
const FOUND: readonly (readonly [lookups: Record<string, unknown>, ids: readonly number[]])[] = [
  [{ name: 'äpfel & 50% öl' }, []],
  [{ name: '' }, [4]],
  [{ name__iexact: 'ÄPFEL & 50% ÖL' }, [1]],
  [{ name__contains: '50%' }, [1]],
  [{ name__contains: '_x' }, [2]],
  [{ name__contains: '\\' }, [3]],
  [{ name__icontains: 'PFEL' }, [1]],
  [{ name__icontains: 'ö' }, [1]],
  [{ name__startswith: 'ä' }, []],
  [{ name__istartswith: 'ä' }, [1]],
  [{ name__endswith: 'x' }, [2]],
  [{ name__iendswith: 'D' }, [3]],
  [{ name__in: ['', 'a.b*c\\d', 'A.B*C\\D'] }, [3, 4]],
  [{ name__gte: 'a' }, [1, 2, 3]],
  [{ name__isnull: true }, [5]],
  [{ name__regex: '^a.b' }, [3]],
  [{ name__regex: 'a\\.b\\*' }, [3]],
  [{ name__regex: 'line.break' }, [2]],
  [{ name__regex: 'k_x$' }, [2]],
  [{ name__regex: '^(Ä|l)' }, [1, 2]],
  [{ name__regex: '\\d{2}%' }, [1]],
  [{ name__regex: '^$' }, [4]],
  [{ name__regex: '[^\\w\\s]' }, [1, 3]],
  [{ name__regex: '(?:pf|in)e' }, [1, 2]],
  [{ name__iregex: '^LINE' }, [2]],
  [{ name__regex: '^LINE' }, []],
  [{ name__length: 0 }, [4]],
  [{ name__length__gt: 11 }, [1, 2]],
  [{ name__lower__contains: 'äpfel' }, [1]],
  [{ name__upper: 'LINE\nBREAK_X' }, [2]],
  [{ name__trim__in: ['', 'x'] }, [4]],
  [{ name__lower__length__lte: 7 }, [3, 4]],
  [{ whole: 0 }, [2]],
  [{ whole__gt: 0 }, [3, 5]],
  [{ whole__range: [-5, 0] }, [1, 2]],
  [{ whole__in: [7, 100, 8] }, [3, 5]],
  [{ whole__ne: 7 }, [1, 2, 4, 5]],
  [{ big: '9007199254740993' }, [1]],
  [{ big: 9_007_199_254_740_992n }, [2]],
  [{ big__gt: '9007199254740992' }, [1]],
  [{ big__lt: 0 }, [3]],
  [{ exact: '0.1' }, [1]],
  [{ exact: 0.2 }, [2]],
  [{ exact__gt: '9.999' }, [3]],
  [{ exact__range: ['0.15', '9.999'] }, [2, 5]],
  [{ exact__in: ['0.10', '10'] }, [1, 3]],
  [{ real: -2.25 }, [2]],
  [{ real__gte: 0.5 }, [1, 3]],
  [{ day: '2024-02-29' }, [1]],
  [{ day__gt: '2024-02-29' }, [2, 3]],
  [{ day__year: 2025 }, [2]],
  [{ day__isoYear: 2026 }, [2, 3]],
  [{ day__week: 1 }, [2, 3]],
  [{ day__quarter__lte: 1 }, [1, 3]],
  [{ day__month__in: [2, 12] }, [1, 2]],
  [{ day__weekDay: 2 }, [2]],
  [{ day__isoWeekDay__gte: 4 }, [1, 3]],
  [{ moment: new Date('2024-02-29T23:59:59.999Z') }, [1]],
  [{ moment__gt: '2025-12-29T00:00:00Z' }, [2, 3]],
  [{ moment__date: '2024-02-29' }, [1]],
  [{ moment__date__gte: '2025-12-29' }, [2, 3]],
  [{ moment__year: 2025 }, [2]],
  [{ moment__year__ne: 2025 }, [1, 3, 4, 5]],
  [{ moment__month: 1 }, [3]],
  [{ moment__day__range: [28, 30] }, [1, 2]],
  [{ moment__hour: 12 }, [3]],
  [{ moment__hour__gte: 12 }, [1, 3]],
  [{ moment__minute: 59 }, [1]],
  [{ moment__second: 59 }, [1]],
  [{ clock__gt: '08:30' }, [2]],
  [{ moment__time: '12:00' }, [3]],
  [{ moment__time__lt: '00:00:00.001' }, []],
  [{ moment__time__lte: '00:00:00.001' }, [2]],
  [{ moment__time__gte: '12:00:00' }, [1, 3]],
  [{ moment__time__range: ['00:00', '12:00:00.000'] }, [2, 3]],
  [{ moment__time__in: ['23:59:59.999', '12:00'] }, [1, 3]],
  [{ moment__time__gt: F('clock') }, [1, 3]],
  [{ moment__time__lte: F('clock') }, [2]],
  [{ whole__notIn: [7, 100] }, [1, 2, 4]],
  [{ name__notIn: [''] }, [1, 2, 3, 5]],
  [{ whole__notRange: [0, 50] }, [1, 4, 5]],
  [{ moment__year__notIn: [2024, F('whole')] }, [2, 3, 4, 5]],
  [{ 'data.size__notIn': [5] }, [2, 3, 4, 5]],
  [{ clock__hour: 0 }, [3]],
  [{ clock__minute__in: [30, 59] }, [1, 2]],
  [{ flag: true }, [1]],
  [{ flag__ne: true }, [2, 3, 4, 5]],
  [{ flag__isnull: true }, [3, 4, 5]],
  [{ code: FIRST.toUpperCase() }, [1]],
  [{ code__in: [FIRST, SECOND] }, [1, 2]],
  [{ 'data.city': 'Oslo' }, [1]],
  [{ 'data.city__ne': 'Oslo' }, [2, 3, 4, 5]],
  [{ 'data.city__iexact': 'OSLO' }, [1, 2]],
  [{ 'data.city__icontains': 'SL' }, [1, 2]],
  [{ 'data.city__startswith': 'O' }, [1]],
  [{ 'data.city__regex': '^[oO]slo$' }, [1, 2]],
  [{ 'data.city__in': ['Oslo', 5] }, [1]],
  [{ 'data.city__gt': 'P' }, [2]],
  [{ 'data.city__isnull': true }, [3, 4, 5]],
  [{ 'data.size': 5 }, [1]],
  [{ 'data.size': '5' }, []],
  [{ 'data.size__gt': 2 }, [1, 2]],
  [{ 'data.size__range': [2, 3] }, [2]],
  [{ 'data.on': true }, [1]],
  [{ 'data.on': false }, [2]],
  [{ 'data.deep.x': null }, [1]],
  [{ 'data.deep.x__isnull': false }, [1, 2]],
  [{ 'data.deep.x': 1 }, [2]],
  [{ 'data.deep': { x: 1 } }, [2]],
  [{ 'data.deep.list.1.n': 2 }, [1]],
  [{ 'data.deep.list.0': { n: 1 } }, [1]],
  [{ 'data.tags': ['a', 'b'] }, [1]],
  [{ 'data.tags': [] }, [2]],
  [{ 'data.tags__contains': 'b' }, [1]],
  [{ 'data.tags__contains': ['b'] }, [1]],
  [{ 'data.tags__contains': [] }, [1, 2]],
  [{ 'data.0': 'a' }, [3]],
  [{ 'data.2.city': 'Oslo' }, [3]],
  [{ data: 'text' }, [4]],
  [{ data: ['a', 1, { city: 'Oslo' }] }, [3]],
  [{ data__isnull: true }, [5]],
  [{ data: null }, [5]],
  [{ data__contains: { city: 'Oslo' } }, [1]],
  [{ data__contains: { deep: { list: [{ n: 2 }] } } }, [1]],
  [{ data__contains: { size: 2.5, on: false } }, [2]],
  [{ data__contains: 1 }, [3]],
  [{ data__contains: ['a', 1] }, [3]],
  [{ data__hasKey: 'on' }, [1, 2]],
  [{ data__hasKeys: ['on', '0'] }, [1]],
  [{ data__hasAnyKeys: ['0', 'missing'] }, [1]],
  [{ 'data.deep__hasKey': 'list' }, [1]],
  [{ 'data.tags__length': 2 }, [1]],
  [{ 'data.tags__length__lt': 2 }, [2]],
  [{ 'data.tags__length__isnull': true }, [3, 4, 5]],
  [{ data__length__in: [3, 4] }, [3]],
  [{ data__length__range: [F('id'), 4] }, [3]],
  [{ 'data.tags__containedBy': ['b', 'a', 'c'] }, [1, 2]],
  [{ 'data.tags__containedBy': ['b'] }, [2]],
  [{ 'data.deep__containedBy': { x: 1, y: 2 } }, [2]],
  [{ 'data.deep__containedBy': { y: { x: 1 } } }, []],
  [{ 'data.city__containedBy': ['Oslo', 'Rome'] }, [1]],
  [{ 'data.city__containedBy': { Oslo: 1 } }, []],
  [{ data__containedBy: 'text' }, [4]],
  [{ data__containedBy: { city: 'oslo', size: 2.5, tags: ['z'], deep: { x: 1 }, on: false, more: [1] } }, [2]],
  [{ data__containedBy: { city: 'oslo', size: 2.5, tags: 'z', deep: { x: 1 }, on: false } }, []],
  [{ whole__lte: Cast('data.size', 'float') }, [1, 2]],
  [{ name__contains: F('part') }, [1, 3, 4]],
  [{ name__icontains: F('part') }, [1, 2, 3, 4]],
  [{ name__startswith: F('part') }, [3, 4]],
  [{ name__istartswith: Lower('part') }, [3, 4]],
  [{ name__endswith: Concat(F('part'), Value('d')) }, [3]],
  [{ name__iendswith: Concat(Value(''), Value('_X')) }, [2]],
  [{ name__iendswith: F('part') }, [2, 4]],
  [{ name__iexact: Upper('name') }, [1, 2, 3, 4]],
  [{ name__iexact: Concat(F('part'), Value('D')) }, [3]],
  [{ name__lower__contains: Lower('part') }, [1, 2, 3, 4]],
  [{ name__contains: Concat(Value('%'), Value(' ')) }, [1]],
  [{ name__length__gt: Length('part') }, [1, 2, 3]],
  [{ name__length: F('whole') }, [3]],
  [{ name__length__in: [F('whole'), 0] }, [3, 4]],
  [{ day__year: Extract('moment', 'year') }, [1, 2, 3]],
  [{ day__month__lt: F('whole') }, [3]],
  [{ moment__date: F('day') }, [1, 2, 3]],
  [{ moment__hour__range: [F('whole'), 12] }, [2, 3]],
  [{ name__endsAlike: 'OIL' }, []],
  [{ name__endsAlike: 'BREAK_X' }, [2]],
  [{ name__initial: 'l' }, [2]],
  [{ name__initial__in: ['l', 'a'] }, [2, 3]],
];

const REFUSED: readonly (readonly [lookups: Record<string, unknown>, error: new (...args: never[]) => Error])[] = [
  [{ name__regex: '(' }, BadLookupValueError],
  [{ name__regex: '(?=x)' }, BadLookupValueError],
  [{ name__regex: '(?<n>x)' }, BadLookupValueError],
  [{ name__regex: 'a*?' }, BadLookupValueError],
  [{ name__regex: 'a++' }, BadLookupValueError],
  [{ name__regex: '(a)\\1' }, BadLookupValueError],
  [{ name__regex: '\\bx' }, BadLookupValueError],
  [{ name__regex: '[[:alpha:]]' }, BadLookupValueError],
  [{ name__regex: '\\p{L}' }, BadLookupValueError],
  [{ name__regex: '[z-a]' }, BadLookupValueError],
  [{ name__regex: 'a{2,1}' }, BadLookupValueError],
  [{ name__regex: 'x'.repeat(501) }, BadLookupValueError],
  [{ name__regex: 5 }, BadLookupValueError],
  [{ name__regex: 'a\0' }, BadLookupValueError],
  [{ name__regex: F('part') }, UnknownLookupError],
  [{ whole__contains: F('part') }, UnknownLookupError],
  [{ name__contains: F('whole') }, QueryUsageError],
  [{ name__contains: [F('part')] }, UnknownLookupError],
  [{ name__length__contains: F('part') }, UnknownLookupError],
  [{ whole__regex: '1' }, UnknownLookupError],
  [{ name__length: 'x' }, BadLookupValueError],
  [{ whole__length: 1 }, UnknownLookupError],
  [{ day__hour: 1 }, UnknownLookupError],
  [{ clock__year: 1 }, UnknownLookupError],
  [{ moment__time: '25:00' }, BadLookupValueError],
  [{ moment__time__contains: '1' }, UnknownLookupError],
  [{ whole__notIn: 5 }, BadLookupValueError],
  [{ whole__notContains: 5 }, UnknownLookupError],
  [{ 'data.city__year': 1 }, UnknownLookupError],
  [{ 'data.city__toString': 1 }, UnknownLookupError],
  [{ 'data.ci"ty': 1 }, BadLookupValueError],
  [{ 'data.': 1 }, BadLookupValueError],
  [{ 'data.a\\b': 1 }, BadLookupValueError],
  [{ 'data.size__gt': {} }, BadLookupValueError],
  [{ 'data.size': Number.NaN }, BadLookupValueError],
  [{ 'data.size': new Date() }, BadLookupValueError],
  [{ 'data.size': 'a\0b' }, BadLookupValueError],
  [{ 'data.size': '\ud800' }, BadLookupValueError],
  [{ 'data.size': undefined }, BadLookupValueError],
  [{ 'data.tags__length': 'x' }, BadLookupValueError],
  [{ 'data.tags__length__contains': 1 }, UnknownLookupError],
  [{ data__containedBy: new Map() }, BadLookupValueError],
  [{ whole: Cast('data.size', 'date') }, QueryUsageError],
  [{ whole: F('data.size') }, QueryUsageError],
  [{ data__hasKey: 1 }, BadLookupValueError],
  [{ data__hasKeys: [] }, BadLookupValueError],
];

@CustomLookup()
@Injectable()
class OwnLookups extends LookupSource {
  readonly definitions: LookupSource['definitions'] = [
    {
      name: 'endsAlike',
      kinds: ['string'],
      compile: (operand, value) => sql`UPPER(${operand.sql}) LIKE ${bind(`%${String(operand.raw(value)).slice(-3)}`)}`,
    },
    {
      name: 'initial',
      kinds: ['string'],
      result: 'string',
      compile: (value) => sql`SUBSTR(${value}, 1, ${rawSql('1')})`,
    },
  ];
}

describe('lookups', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let things: QuerySet;

    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Shelf, Thing], providers: [OwnLookups] });
      await app.db.save([1, 2].map((id) => Object.assign(new Shelf(), { id })));
      const shelf = Object.assign(new Shelf(), { id: 1 });
      await app.db.save(THINGS.map((row) => Object.assign(new Thing(), { shelf, ...row })));
      things = app.db.objects(Thing).orderBy('id').untyped();
    });
    afterAll(async () => {
      await app?.close();
    });

    const ids = (rows: QuerySet): Promise<unknown[]> => rows.flat('id').all();

    it('has transforms of the application in paths', async () => {
      const first = await things
        .filter({ id: 2 })
        .annotate({ first: F('name__initial') })
        .values('first')
        .get();
      expect(first).toEqual({ first: 'l' });
      const initials = await things.orderBy('name__initial', 'id').flat('name__initial__upper').all();
      expect(initials).toEqual(['', 'A', 'L', 'Ä', null]);
      await expect(things.values('name__endsAlike').all()).rejects.toMatchObject({ code: 'orm.unknown_transform' });
    });

    it.each(FOUND)('%o', async (lookups, found) => {
      expect(await ids(things.filter(lookups))).toEqual(found);
      const others = THINGS.map(({ id }) => id!).filter((id) => !found.includes(id));
      expect(await ids(things.exclude(lookups))).toEqual(others);
      expect(await ids(things.filter(Q(lookups).not().not()))).toEqual(found);
    });

    it.each(FOUND.slice(0, 75).filter(([lookups]) => !('name__isnull' in lookups)))(
      '%o over a relation',
      async (lookups, found) => {
        const prefixed = Object.fromEntries(Object.entries(lookups).map(([key, value]) => [`things.${key}`, value]));
        const shelves = app.db.objects(Shelf).untyped().filter(prefixed);
        expect(await ids(shelves)).toEqual(found.length > 0 ? [1] : []);
      },
    );

    it.each(REFUSED)('refuses %o', async (lookups, error) => {
      await expect(things.filter(lookups).all()).rejects.toThrow(error);
    });

    it('reads values inside of documents', async () => {
      expect(await things.values('id', 'data.city', 'data.deep.x').slice(0, 3).all()).toEqual([
        { id: 1, 'data.city': 'Oslo', 'data.deep.x': null },
        { id: 2, 'data.city': 'oslo', 'data.deep.x': 1 },
        { id: 3, 'data.city': null, 'data.deep.x': null },
      ]);
      expect(
        await things
          .annotate({ tags: F('data.tags') })
          .slice(0, 2)
          .flat('tags')
          .all(),
      ).toEqual([['a', 'b'], []]);
    });

    it('reads values inside of documents as one type, and as nothing where they are of another', async () => {
      const read = { whole: Cast('data.size', 'integer'), half: Cast('data.size', 'float') };
      const texts = {
        city: Cast('data.city', 'string'),
        on: Cast('data.on', 'boolean'),
        text: Cast('data.size', 'string'),
      };
      const counted = { tags: JsonLength('data.tags'), all: JsonLength('data') };
      const rows = things
        .annotate({ ...read, ...texts, ...counted })
        .values(...Object.keys({ ...read, ...texts, ...counted }));
      expect(await rows.slice(0, 4).all()).toEqual([
        { whole: 5, half: 5, city: 'Oslo', on: true, text: null, tags: 2, all: null },
        { whole: 3, half: 2.5, city: 'oslo', on: false, text: null, tags: 0, all: null },
        { whole: null, half: null, city: null, on: null, text: null, tags: null, all: 3 },
        { whole: null, half: null, city: null, on: null, text: null, tags: null, all: null },
      ]);
    });

    it('orders by values inside of documents, whatever their types', async () => {
      const mixed = [5, 'b', true, null, 2.5, 'B', false, ['x'], -1e3, { n: 1 }, undefined, '5'];
      const shelf = Object.assign(new Shelf(), { id: 2 });
      await app.db.save(
        mixed.map((x, index) => Object.assign(new Thing(), { id: 100 + index, shelf, data: { x, on: { x } } })),
      );
      const rows = app.db.objects(Thing).filter({ shelf: 2 }).untyped();
      const ascending = [108, 104, 100, 111, 105, 101, 106, 102, 107, 109, 103, 110];
      expect(await ids(rows.orderBy('data.x', 'id'))).toEqual(ascending);
      expect(await ids(rows.orderBy('data.on.x', 'id'))).toEqual(ascending);
      expect(await ids(rows.orderBy('-data.x', '-id'))).toEqual(ascending.toReversed());
      expect(await ids(rows.orderBy(F('data.x').asc({ nulls: 'first' }), 'id'))).toEqual([
        103,
        110,
        ...ascending.slice(0, 10),
      ]);
      expect(await rows.latest('data.x', 'id')).toMatchObject({ id: 110 });
      const seen: unknown[] = [];
      for (let after: string | undefined; ;) {
        const page = await rows.orderBy('data.x').page({ size: 5, ...(after !== undefined && { after }) });
        seen.push(...page.rows.map((row) => (row as Thing).id));
        if (page.next === null) break;
        after = page.next;
      }
      expect(seen).toEqual(ascending);
      const ranked = rows
        .annotate({ place: Window(RowNumber(), { orderBy: ['data.x', 'id'] }) })
        .filter({ place__lte: 3 });
      expect(await ids(ranked.orderBy('place'))).toEqual([108, 104, 100]);
      await expect(rows.values('data.x').annotate({ n: Count() }).orderBy('data.x').all()).rejects.toThrow(
        QueryUsageError,
      );
      expect(
        await rows.aggregate({
          sum: Sum('data.x'),
          mean: Avg('data.x'),
          n: Count('data.x'),
          top: Max(Cast('data.x', 'string')),
        }),
      ).toEqual({ sum: -992.5, mean: -992.5 / 3, n: 11, top: 'b' });
      await expect(rows.aggregate({ top: Max('data.x') })).rejects.toMatchObject({
        hint: expect.stringContaining('Cast') as unknown,
      });
      expect(
        await app.db
          .objects(Shelf)
          .untyped()
          .orderBy('id')
          .annotate({ sum: Sum('things.data.size') })
          .flat('sum')
          .all(),
      ).toEqual([7.5, null]);
      await rows.delete();
    });
  });
});
