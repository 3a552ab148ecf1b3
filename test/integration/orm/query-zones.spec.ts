import {
  Cast,
  Count,
  Exists,
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  F,
  Max,
  Min,
  OuterRef,
  Q,
  QueryUsageError,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncWeek,
  TruncYear,
  UnknownTimeZoneError,
  Window,
  type Expression,
  type QuerySet,
  type ZoneOptions,
} from 'bowerbird/orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { Clock, Diary, MOMENTS, Note, openDiaries, ZONES } from './query-zones.world.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

const AT = MOMENTS.map((text) => new Date(text));
const iso = (moment: unknown): unknown => (moment instanceof Date ? moment.toISOString() : moment);
const idOf = (moment: (typeof MOMENTS)[number]): number => MOMENTS.indexOf(moment) + 1;

/** The first day of a unit, as the calendar alone has it. */
const FIRST_DAYS: Readonly<Record<string, (day: Date) => number>> = {
  year: (day) => day.setUTCMonth(0, 1),
  quarter: (day) => day.setUTCMonth(day.getUTCMonth() - (day.getUTCMonth() % 3), 1),
  month: (day) => day.setUTCDate(1),
  week: (day) => day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7)),
  day: (day) => day.getTime(),
};

const midnight = (shown: number): Date => new Date(Math.floor(shown / DAY) * DAY);

const PARTS: Readonly<Record<string, (options: ZoneOptions) => Expression>> = {
  year: (options) => ExtractYear('at', options),
  isoYear: (options) => Extract('at', 'isoYear', options),
  quarter: (options) => ExtractQuarter('at', options),
  month: (options) => ExtractMonth('at', options),
  week: (options) => ExtractWeek('at', options),
  day: (options) => ExtractDay('at', options),
  weekDay: (options) => ExtractWeekDay('at', options),
  isoWeekDay: (options) => Extract('at', 'isoWeekDay', options),
  hour: (options) => ExtractHour('at', options),
  minute: (options) => ExtractMinute('at', options),
  second: (options) => ExtractSecond('at', options),
  date: (options) => TruncDate('at', options),
};

function partsOf(shown: number): Record<string, unknown> {
  const shows = new Date(shown);
  const thursday = new Date(FIRST_DAYS.week!(midnight(shown)) + 3 * DAY);
  const firstThursday = new Date(Date.UTC(2000, 0, 4));
  firstThursday.setUTCFullYear(thursday.getUTCFullYear());
  const weekOne = FIRST_DAYS.week!(firstThursday);
  return {
    year: shows.getUTCFullYear(),
    isoYear: thursday.getUTCFullYear(),
    quarter: Math.floor(shows.getUTCMonth() / 3) + 1,
    month: shows.getUTCMonth() + 1,
    week: Math.floor((thursday.getTime() - weekOne) / (7 * DAY)) + 1,
    day: shows.getUTCDate(),
    weekDay: shows.getUTCDay() + 1,
    isoWeekDay: ((shows.getUTCDay() + 6) % 7) + 1,
    hour: shows.getUTCHours(),
    minute: shows.getUTCMinutes(),
    second: shows.getUTCSeconds(),
    date: shows.toISOString().slice(0, 10),
  };
}

const UNITS: Readonly<Record<string, (options: ZoneOptions) => Expression>> = {
  year: (options) => TruncYear('at', options),
  quarter: (options) => TruncQuarter('at', options),
  month: (options) => TruncMonth('at', options),
  week: (options) => TruncWeek('at', options),
  day: (options) => TruncDay('at', options),
  hour: (options) => TruncHour('at', options),
  minute: (options) => TruncMinute('at', options),
  second: (options) => TruncSecond('at', options),
};

/** Calendars cut days, and clocks cut hours by the offset that holds at the moment. */
function begins(clock: Clock, moment: Date): Record<string, unknown> {
  const shown = clock.shows(moment.getTime());
  const ofDays = Object.entries(FIRST_DAYS).map(([unit, first]) => [unit, iso(clock.begin(first(midnight(shown))))]);
  const ofClocks = Object.entries({ hour: HOUR, minute: 60_000, second: 1000 }).map(([unit, length]) => [
    unit,
    iso(new Date(moment.getTime() - (((shown % length) + length) % length))),
  ]);
  return Object.fromEntries([...ofDays, ...ofClocks]) as Record<string, unknown>;
}

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openDiaries(database.url);
  });
  afterAll(() => app?.close());

  const notes = (): QuerySet<Note> => app.db.objects(Note).orderBy('id').filter({ id__gt: 0 });
  const ids = (rows: QuerySet<Note>): Promise<number[]> => rows.orderBy('id').flat('id').all();

  describe.each(ZONES)('in %s', (zone) => {
    const clock = new Clock(zone);
    const shownAt = (at: Date): number => clock.shows(at.getTime());

    it('moments have the parts that clocks and calendars show', async () => {
      const of = Object.fromEntries(Object.entries(PARTS).map(([name, make]) => [name, make({ zone })]));
      const rows = await notes()
        .untyped()
        .annotate(of)
        .values(...Object.keys(of))
        .all();
      expect(rows).toEqual(AT.map((at) => partsOf(shownAt(at))));
    });

    it('units of time begin when calendars and clocks say so', async () => {
      const of = Object.fromEntries(Object.entries(UNITS).map(([name, make]) => [name, make({ zone })]));
      const rows = await notes()
        .untyped()
        .annotate(of)
        .values(...Object.keys(of))
        .all();
      const found = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, at]) => [name, iso(at)])));
      expect(found).toEqual(AT.map((at) => begins(clock, at)));
    });

    it('lookups find the moments of a day, of a year and of hours', async () => {
      const shown = AT.map((at) => new Date(shownAt(at)));
      const matching = (test: (shows: Date) => boolean): number[] =>
        shown.flatMap((shows, index) => (test(shows) ? [index + 1] : []));
      const days = [...new Set(shown.map((shows) => shows.toISOString().slice(0, 10)))];
      for (const day of days)
        expect([day, await ids(notes().inZone(zone).filter({ at__date: day }))]).toEqual([
          day,
          matching((shows) => shows.toISOString().startsWith(day)),
        ]);
      for (const year of [250, 1969, 1970, 2024, 2025, 9998])
        expect([year, await ids(notes().inZone(zone).filter({ at__year: year }))]).toEqual([
          year,
          matching((shows) => shows.getUTCFullYear() === year),
        ]);
      expect(
        await ids(
          notes()
            .inZone(zone)
            .filter({ at__hour__gte: 20, at__month__in: [2, 10] }),
        ),
      ).toEqual(matching((shows) => shows.getUTCHours() >= 20 && [1, 9].includes(shows.getUTCMonth())));
      expect(
        await ids(
          notes()
            .inZone(zone)
            .filter({ at__date__range: ['2018-02-17', '2018-11-03'] }),
        ),
      ).toEqual(matching((shows) => shows.toISOString() >= '2018-02-17' && shows.toISOString() < '2018-11-04'));
      expect(await ids(notes().inZone(zone).exclude({ at__date__gt: '1970-01-01' }))).toEqual(
        matching((shows) => shows.toISOString() < '1970-01-02'),
      );
    });

    it('days are listed, and the moments at which they begin', async () => {
      const shown = AT.map((at) => midnight(shownAt(at)).getTime());
      const days = [...new Set(shown)].sort((one, other) => one - other);
      const texts = days.map((day) => new Date(day).toISOString().slice(0, 10));
      expect(await notes().dates('at', 'day', { zone })).toEqual(texts);
      expect(await notes().inZone(zone).dates('at', 'day', 'descending')).toEqual([...texts].reverse());
      expect(await notes().inZone(zone).datetimes('at', 'day')).toEqual(days.map((day) => clock.begin(day)));
      const hours = new Set(AT.map((at) => Date.parse(begins(clock, at).hour as string)));
      const listed = await notes().datetimes('at', 'hour', { zone, direction: 'descending' });
      expect(listed.map((moment) => moment.getTime())).toEqual([...hours].sort((one, other) => other - one));
    });

    it('dates become the first moments of their days, and moments the days that they are in', async () => {
      const rows = await notes()
        .annotate({ begin: Cast('day', 'datetime', { zone: undefined }), date: Cast('at', 'date', { zone }) })
        .inZone(zone)
        .values('day', 'begin', 'date')
        .all();
      expect(rows).toEqual(
        AT.map((at) => {
          const day = at.toISOString().slice(0, 10);
          return { day, begin: clock.begin(Date.parse(day)), date: partsOf(shownAt(at)).date };
        }),
      );
    });
  });

  describe('a zone', () => {
    const hours = (rows: QuerySet<Note>): Promise<number[]> =>
      rows
        .filter({ id: idOf('2024-12-31T18:30:00.000Z') })
        .annotate({ hour: ExtractHour('at') })
        .flat('hour')
        .all();

    it('is that of the expression, else of the query, else UTC', async () => {
      const one = notes()
        .filter({ id: idOf('2024-12-31T18:30:00.000Z') })
        .inZone('Asia/Tokyo');
      const found = await one
        .annotate({ own: ExtractHour('at', { zone: 'Asia/Kathmandu' }), query: ExtractHour('at') })
        .values('own', 'query')
        .get();
      expect(found).toEqual({ own: 0, query: 3 });
      expect(await hours(notes())).toEqual([18]);
      expect(await hours(notes().inZone('Asia/Tokyo'))).toEqual([3]);
      expect(await hours(notes().inZone('Asia/Tokyo').inZone('UTC'))).toEqual([18]);
    });

    it('holds for what was said before it as well', async () => {
      const before = notes().filter({ at__date: '2025-01-01' });
      expect(await ids(before)).toEqual([]);
      expect(await ids(before.inZone('Asia/Tokyo'))).toEqual([idOf('2024-12-31T18:30:00.000Z')]);
    });

    it('takes a moment as a day for the day that it is there', async () => {
      const given = new Date('2024-12-31T20:00:00Z');
      expect(await ids(notes().filter({ at__date: given }))).toEqual([idOf('2024-12-31T18:30:00.000Z')]);
      expect(await ids(notes().inZone('Asia/Tokyo').filter({ at__date: given }))).toEqual([
        idOf('2024-12-31T18:30:00.000Z'),
      ]);
      expect(
        await ids(
          notes()
            .inZone('America/New_York')
            .filter({ at__date__in: [given] }),
        ),
      ).toEqual([idOf('2024-12-31T18:30:00.000Z')]);
      const early = new Date('2025-01-01T02:00:00Z');
      expect(await ids(notes().inZone('America/New_York').filter({ at__date: early }))).toEqual([
        idOf('2024-12-31T18:30:00.000Z'),
      ]);
    });

    it('holds along relations and in conditions of aggregates', async () => {
      const diaries = app.db.objects(Diary).inZone('Asia/Tokyo').orderBy('id');
      const last = { 'notes.at__date': '2025-01-01' } as const;
      expect(await diaries.filter(last).flat('id').all()).toEqual([1]);
      expect(await diaries.exclude(last).flat('id').all()).toEqual([2]);
      const counted = diaries.annotate({ notes: Count('notes', { filter: Q({ 'notes.at__year': 2025 }) }) });
      expect(await counted.valuesList('id', 'notes').all()).toEqual([
        [1, 1],
        [2, 0],
      ]);
    });

    it('is not that of a query inside', async () => {
      const inside = app.db.objects(Note).filter({ diary: OuterRef('pk'), at__year: 2025 });
      const diaries = app.db.objects(Diary).orderBy('id');
      const found = (rows: QuerySet<Diary>): Promise<number[]> => rows.flat('id').all();
      expect(await found(diaries.inZone('Asia/Tokyo').filter(Exists(inside)))).toEqual([]);
      expect(await found(diaries.filter(Exists(inside.inZone('Asia/Tokyo'))))).toEqual([1]);
      const keys = notes().inZone('Asia/Tokyo').filter({ at__year: 2025 }).flat('diary');
      expect(await found(diaries.filter({ pk__in: keys }))).toEqual([1]);
    });

    it('stays with queries that are put together, and with those of values', async () => {
      const tokyo = notes().inZone('Asia/Tokyo').filter({ at__year: 2025 });
      const utc = notes().filter({ at__year: 2021 });
      const both = [idOf('2024-12-31T18:30:00.000Z'), idOf('2021-01-03T23:30:00.000Z')].sort(
        (one, other) => one - other,
      );
      expect(await ids(tokyo.union(utc))).toEqual(both);
      expect(await ids(tokyo.union(utc).filter({ at__day: 1 }))).toEqual([idOf('2024-12-31T18:30:00.000Z')]);
      const texts = tokyo.annotate({ date: TruncDate('at') }).flat('date');
      expect(
        await texts
          .union(utc.annotate({ date: TruncDate('at') }).flat('date'))
          .orderBy('date')
          .all(),
      ).toEqual(['2021-01-03', '2025-01-01']);
    });

    it('makes groups, orders and pages', async () => {
      const some = notes().filter({ at__range: [new Date('2024-10-01T00:00:00Z'), new Date('2025-01-01T00:00:00Z')] });
      const groups = await some
        .inZone('Europe/Berlin')
        .annotate({ date: TruncDay('at') })
        .values('date')
        .annotate({ notes: Count('id') })
        .orderBy('date')
        .all();
      expect(groups.map(({ date, notes: count }) => [iso(date), count])).toEqual([
        ['2024-10-04T22:00:00.000Z', 1],
        ['2024-10-26T22:00:00.000Z', 3],
        ['2024-10-27T23:00:00.000Z', 1],
        ['2024-11-02T23:00:00.000Z', 2],
        ['2024-12-30T23:00:00.000Z', 1],
      ]);
      const days = some.annotate({ date: TruncDate('at', { zone: 'Asia/Tokyo' }) }).values('date');
      expect(
        await days
          .annotate({ notes: Count('id') })
          .orderBy('-date')
          .valuesList('date', 'notes')
          .all(),
      ).toEqual([
        ['2025-01-01', 1],
        ['2024-11-03', 2],
        ['2024-10-28', 1],
        ['2024-10-27', 3],
        ['2024-10-06', 1],
      ]);
      const ordered = some.orderBy(TruncDay('at', { zone: 'Europe/Berlin' }).desc(), 'id');
      const all = await ordered.flat('id').all();
      const first = await ordered.page({ size: 3 });
      const second = await ordered.page({ size: 9, after: first.next ?? undefined });
      expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(all);
    });

    it('reaches into aggregates and windows', async () => {
      const some = notes().filter({ at__year: 2018 });
      const zone = 'America/Sao_Paulo';
      expect(
        await some.aggregate({ last: Max(TruncDay('at', { zone })), first: Min(TruncDate('at', { zone })) }),
      ).toEqual({
        last: new Date('2018-11-04T03:00:00Z'),
        first: '2018-02-17',
      });
      expect(
        await some
          .inZone(zone)
          .slice(0, 2)
          .aggregate({ last: Max(TruncDay('at')) }),
      ).toEqual({
        last: new Date('2018-11-04T03:00:00Z'),
      });
      const days = some.annotate({ day: TruncDay(Window(Max('at')), { zone }) });
      expect(new Set((await days.flat('day').all()).map(iso))).toEqual(new Set(['2018-11-04T03:00:00.000Z']));
      const grouped = some
        .values('diary')
        .annotate({ day: TruncDay(Max('at'), { zone }) })
        .orderBy('diary');
      expect((await grouped.all()).map(({ diary, day }) => [diary, iso(day)])).toEqual([
        [1, '2018-11-03T03:00:00.000Z'],
        [2, '2018-11-04T03:00:00.000Z'],
      ]);
    });

    it('holds for what an update stores', async () => {
      const one = app.db.objects(Note).filter({ id: idOf('2018-11-04T03:00:00.000Z') });
      await one.inZone('America/Sao_Paulo').update({ begun: TruncWeek('at'), day: TruncDate('at') });
      expect(await one.values('begun', 'day').get()).toEqual({
        begun: new Date('2018-10-29T03:00:00Z'),
        day: '2018-11-04',
      });
      await one.update({ day: '2018-11-04' });
    });

    it('leaves NULL alone', async () => {
      const nothing = app.db.objects(Note).filter({ id: 0 }).inZone('Europe/Berlin');
      const of = { ...UNITS, ...PARTS };
      const made = Object.fromEntries(Object.entries(of).map(([name, make]) => [name, make({})]));
      expect(
        Object.values(
          await nothing
            .untyped()
            .annotate(made)
            .values(...Object.keys(of))
            .get(),
        ),
      ).toEqual(Object.keys(of).map(() => null));
      expect(await nothing.filter({ at__date: '2024-01-01' }).count()).toBe(0);
      expect(await nothing.dates('at', 'day')).toEqual([]);
    });

    it('has a name that is checked before anything is asked', async () => {
      const wrong = { zone: 'Europe/Berln' };
      const asked: readonly (() => Promise<unknown>)[] = [
        () => notes().inZone(wrong.zone).all(),
        () =>
          notes()
            .annotate({ x: TruncDay('at', wrong) })
            .all(),
        () =>
          notes()
            .annotate({ x: ExtractHour('at', wrong) })
            .all(),
        () =>
          notes()
            .annotate({ x: Cast('at', 'date', wrong) })
            .all(),
        () => notes().dates('at', 'day', wrong),
        () => notes().datetimes('at', 'day', wrong),
      ];
      for (const ask of asked) {
        const error = await ask().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(UnknownTimeZoneError);
        expect(error).toMatchObject({ code: 'orm.unknown_time_zone', status: 400, zone: 'Europe/Berln' });
        expect((error as Error).message).toBe('There is no time zone "Europe/Berln". Did you mean "Europe/Berlin"?');
      }
      for (const name of ["UTC' OR 1=1 --", 'CET', '+02:00', '', 'UTC\0', "Europe/Berlin'; DROP TABLE note; --"])
        await expect(notes().inZone(name).count()).rejects.toBeInstanceOf(UnknownTimeZoneError);
      expect(() => notes().inZone(5 as never)).toThrow(QueryUsageError);
    });

    it('is refused for dates and times, which are the same everywhere', async () => {
      const zone = { zone: 'Europe/Berlin' };
      const asked: readonly (() => Promise<unknown>)[] = [
        () =>
          notes()
            .annotate({ x: TruncMonth('day', zone) })
            .all(),
        () =>
          notes()
            .annotate({ x: ExtractYear('day', zone) })
            .all(),
        () =>
          notes()
            .annotate({ x: ExtractHour('clock', zone) })
            .all(),
        () =>
          notes()
            .annotate({ x: Cast('id', 'decimal', zone) })
            .all(),
        () => notes().dates('day', 'month', zone),
      ];
      for (const ask of asked) {
        const error = await ask().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(QueryUsageError);
        expect((error as Error).message).toMatch(
          /takes no time zone here: its argument is of the kind (date|time|integer)$/,
        );
      }
      const there = notes()
        .inZone('Asia/Tokyo')
        .filter({ id: idOf('2024-12-31T18:30:00.000Z') });
      const found = there.annotate({ month: TruncMonth('day'), hour: ExtractHour('clock'), year: ExtractYear('day') });
      expect(await found.values('month', 'hour', 'year').get()).toEqual({ month: '2024-12-01', hour: 18, year: 2024 });
      expect(await there.filter({ day__year: 2024, clock__hour: 18 }).count()).toBe(1);
      expect(await there.dates('day', 'year')).toEqual(['2024-01-01']);
    });
  });

  describe('the zone of the settings', () => {
    let berlin: OrmTestApp;
    beforeAll(async () => {
      await app.db.objects(Note).delete();
      await app.db.objects(Diary).delete();
      berlin = await openDiaries(database.url, { orm: { timeZone: 'Europe/Berlin' } });
    });
    afterAll(() => berlin?.close());

    it('is that of every query that names none', async () => {
      const rows = berlin.db.objects(Note).filter({ id: idOf('2024-10-26T22:00:00.000Z') });
      expect(await rows.filter({ at__date: '2024-10-27', at__hour: 0 }).count()).toBe(1);
      expect(await rows.inZone('UTC').filter({ at__date: '2024-10-26', at__hour: 22 }).count()).toBe(1);
      expect(await rows.dates('at', 'day')).toEqual(['2024-10-27']);
      expect(
        await rows
          .annotate({ x: TruncDay('at') })
          .flat('x')
          .get(),
      ).toEqual(new Date('2024-10-26T22:00:00Z'));
      expect(
        await rows
          .filter({ at: F('at') })
          .annotate({ x: TruncDay('at', { zone: 'UTC' }) })
          .flat('x')
          .get(),
      ).toEqual(new Date('2024-10-26T00:00:00Z'));
    });
  });
});
