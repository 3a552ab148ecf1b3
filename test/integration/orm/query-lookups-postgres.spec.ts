import {
  BadLookupValueError,
  F,
  QueryUsageError,
  UnknownLookupError,
  UnknownPathError,
  type QuerySet,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Parcel {
  @PrimaryColumn() id: number;
  @Column('text', { array: true, default: [] }) tags: string[];
  @Column('text', { array: true, nullable: true }) more: string[] | null;
  @Column('int', { array: true, nullable: true }) sizes: number[] | null;
  @Column('timestamptz', { array: true, nullable: true }) stops: Date[] | null;
  @Column('int4range', { nullable: true }) span: string | null;
  @Column('numrange', { nullable: true }) price: string | null;
  @Column('daterange', { nullable: true }) days: string | null;
  @Column('tsrange', { nullable: true }) local: string | null;
  @Column('tstzrange', { nullable: true }) during: string | null;
  @Column('hstore', { nullable: true, hstoreType: 'object' }) labels: Record<string, string | null> | null;
}

const NOON = new Date('2026-01-01T12:00:00Z');

const PARCELS: readonly Partial<Parcel>[] = [
  {
    id: 1,
    tags: ['new', '50%', 'with "quotes", comma'],
    more: ['new'],
    sizes: [3, 1],
    stops: [NOON],
    span: '[1,10)',
    price: '[0.5,2.5]',
    days: '[2026-01-01,2026-02-01)',
    local: '["2026-01-01 00:00:00","2026-01-02 00:00:00")',
    during: '["2026-01-01 00:00:00+00","2026-01-02 12:30:00+00")',
    labels: { color: 'red', 'a "key"': 'x => y', none: null },
  },
  {
    id: 2,
    tags: ['old'],
    more: ['old', 'new'],
    sizes: [],
    span: '[10,)',
    days: 'empty',
    labels: { color: 'Dark Red' },
  },
  { id: 3 },
];

const FOUND: readonly (readonly [lookups: Record<string, unknown>, ids: readonly number[]])[] = [
  [{ tags: [] }, [3]],
  [{ tags: ['old'] }, [2]],
  [{ tags__ne: ['old'] }, [1, 3]],
  [{ tags__in: [['old'], []] }, [2, 3]],
  [{ tags__in: [] }, []],
  [{ tags__0: 'new' }, [1]],
  [{ tags__2: 'with "quotes", comma' }, [1]],
  [{ tags__1__contains: '%' }, [1]],
  [{ tags__0__in: ['new', 'old'] }, [1, 2]],
  [{ tags__0__iexact: 'OLD' }, [2]],
  [{ tags__0__isnull: true }, [3]],
  [{ tags__0__ne: 'new' }, [2, 3]],
  [{ tags__0_2: ['new', '50%'] }, [1]],
  [{ tags__0_1__overlap: ['old', 'new'] }, [1, 2]],
  [{ tags__contains: ['new'] }, [1]],
  [{ tags__contains: [] }, [1, 2, 3]],
  [{ tags__contains: F('more') }, [1]],
  [{ tags__containedBy: F('more') }, [2]],
  [{ tags__containedBy: ['old', 'x'] }, [2, 3]],
  [{ tags__overlap: ['old', '50%'] }, [1, 2]],
  [{ tags__length: 1 }, [2]],
  [{ tags__length__lte: 1 }, [2, 3]],
  [{ tags__length__in: [0, 3] }, [1, 3]],
  [{ sizes: [] }, [2]],
  [{ sizes__1__lt: 3 }, [1]],
  [{ sizes__contains: ['3'] }, [1]],
  [{ sizes__isnull: true }, [3]],
  [{ stops__contains: [NOON] }, [1]],
  [{ stops__0__year: 2026 }, [1]],
  [{ span: '[1,10)' }, [1]],
  [{ span: [1, 10] }, [1]],
  [{ span__ne: [1, 10] }, [2, 3]],
  [{ span__contains: 5 }, [1]],
  [{ span__contains: [2, 4] }, [1]],
  [{ span__contains: [11, null] }, [2]],
  [{ span__contains: F('id') }, [1]],
  [{ span__containedBy: [0, 100] }, [1]],
  [{ span__overlap: '[9,10]' }, [1, 2]],
  [{ span__adjacentTo: [10, 20] }, [1]],
  [{ span__fullyLt: [10, 12] }, [1]],
  [{ span__fullyGt: [1, 3] }, [2]],
  [{ span__startswith: 1 }, [1]],
  [{ span__startswith__gte: 1 }, [1, 2]],
  [{ span__endswith__isnull: true }, [2, 3]],
  [{ span__upperInf: true }, [2]],
  [{ span__lowerInc: true }, [1, 2]],
  [{ price__contains: '2.5' }, [1]],
  [{ price__endswith__gt: '2.49' }, [1]],
  [{ days__contains: '2026-01-31' }, [1]],
  [{ days__contains: '2026-02-01' }, []],
  [{ days__isEmpty: true }, [2]],
  [{ days__startswith__year: 2026 }, [1]],
  [{ local__contains: NOON }, [1]],
  [{ local__endswith: '2026-01-02T00:00:00Z' }, [1]],
  [{ during__contains: NOON }, [1]],
  [{ during__overlap: [NOON, null] }, [1]],
  [{ during__startswith__date: '2026-01-01' }, [1]],
  [{ during__isnull: true }, [2, 3]],
  [{ labels__hasKey: 'color' }, [1, 2]],
  [{ labels__hasKeys: ['color', 'none'] }, [1]],
  [{ labels__hasAnyKeys: ['none', 'other'] }, [1]],
  [{ labels: { color: 'Dark Red' } }, [2]],
  [{ labels__contains: { none: null } }, [1]],
  [{ labels__containedBy: { color: 'Dark Red', more: '1' } }, [2]],
  [{ 'labels.color': 'red' }, [1]],
  [{ 'labels.color__icontains': 'RED' }, [1, 2]],
  [{ 'labels.a "key"__startswith': 'x =>' }, [1]],
  [{ 'labels.none': null }, [1, 2, 3]],
  [{ labels__isnull: true }, [3]],
];

const REFUSED: readonly (readonly [lookups: Record<string, unknown>, error: new (...args: never[]) => Error])[] = [
  [{ tags: 'new' }, BadLookupValueError],
  [{ tags__contains: [null] }, BadLookupValueError],
  [{ tags__contains: 'new' }, BadLookupValueError],
  [{ tags__contains: F('span') }, QueryUsageError],
  [{ tags__icontains: 'x' }, UnknownLookupError],
  [{ tags__0__year: 1 }, UnknownLookupError],
  [{ tags__01: 'x' }, UnknownLookupError],
  [{ 'tags.0': 'x' }, UnknownPathError],
  [{ sizes__overlap: ['x'] }, BadLookupValueError],
  [{ sizes__0: 'x' }, BadLookupValueError],
  [{ tags__length: 'x' }, BadLookupValueError],
  [{ span: 5 }, BadLookupValueError],
  [{ span__contains: 'x' }, BadLookupValueError],
  [{ span__contains: [5, 1] }, BadLookupValueError],
  [{ span__overlap: [1, 2, 3] }, BadLookupValueError],
  [{ span__overlap: ['a', 'b'] }, BadLookupValueError],
  [{ span__contains: F('tags') }, QueryUsageError],
  [{ span__overlap: F('id') }, QueryUsageError],
  [{ span__icontains: '1' }, UnknownLookupError],
  [{ span__startswith: 'x' }, BadLookupValueError],
  [{ labels__hasKey: 1 }, BadLookupValueError],
  [{ labels__hasKeys: [] }, BadLookupValueError],
  [{ labels__contains: { a: 1 } }, BadLookupValueError],
  [{ labels__startswith: 'x' }, UnknownLookupError],
];

describe('lookups of types that PostgreSQL alone has', () => {
  eachDatabase((database) => {
    if (database.dialect !== 'postgres') {
      it('have no columns', async () => {
        await expect(openOrm({ database: database.url, entities: [Parcel] })).rejects.toMatchObject({
          code: 'orm.entity_metadata',
        });
      });
      return;
    }
    let app: OrmTestApp;
    let parcels: QuerySet;

    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Parcel], synchronize: false });
      await app.db.query('CREATE EXTENSION hstore');
      await app.db.dataSource.synchronize();
      await app.db.objects(Parcel).untyped().bulkCreate(PARCELS);
      parcels = app.db.objects(Parcel).orderBy('id').untyped();
    });
    afterAll(() => app?.close());

    const ids = (rows: QuerySet): Promise<unknown[]> => rows.flat('id').all();

    it.each(FOUND)('%o', async (lookups, found) => {
      expect(await ids(parcels.filter(lookups))).toEqual(found);
      const others = PARCELS.map(({ id }) => id!).filter((id) => !found.includes(id));
      expect(await ids(parcels.exclude(lookups))).toEqual(others);
    });

    it.each(REFUSED)('refuses %o', async (lookups, error) => {
      await expect(parcels.filter(lookups).all()).rejects.toThrow(error);
    });

    it('makes values of elements, parts and bounds', async () => {
      const rows = parcels.valuesList('tags__0', 'tags__0__upper', 'tags__0_2', 'tags__length', 'sizes__1', 'stops__0');
      expect(await rows.all()).toEqual([
        ['new', 'NEW', ['new', '50%'], 3, 1, NOON],
        ['old', 'OLD', ['old'], 1, null, null],
        [null, null, [], 0, null, null],
      ]);
      const bounds = parcels.valuesList(
        'span__startswith',
        'span__upperInf',
        'price__endswith',
        'days__startswith__month',
        'local__endswith',
        'labels.color__lower',
      );
      expect(await bounds.all()).toEqual([
        [1, false, '2.5', 1, new Date('2026-01-02T00:00:00Z'), 'red'],
        [10, true, null, null, null, 'dark red'],
        [null, null, null, null, null, null],
      ]);
      expect(await ids(parcels.filter({ id__lte: F('tags__length') }))).toEqual([1]);
      expect(await ids(parcels.orderBy('-tags__length', 'id'))).toEqual([1, 2, 3]);
      await expect(parcels.values('tags__x').all()).rejects.toMatchObject({ code: 'orm.unknown_transform' });
      await expect(parcels.values('span__middle').all()).rejects.toMatchObject({ code: 'orm.unknown_transform' });
      await expect(parcels.values('labels__color').all()).rejects.toMatchObject({ code: 'orm.unknown_transform' });
    });

    it('reads, orders and groups by values of an hstore', async () => {
      expect(await parcels.orderBy('-labels.color', 'id').values('id', 'labels.color').all()).toEqual([
        { id: 3, 'labels.color': null },
        { id: 1, 'labels.color': 'red' },
        { id: 2, 'labels.color': 'Dark Red' },
      ]);
    });
  });
});
