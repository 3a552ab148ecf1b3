import { Column, Entity, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';

import { openOrm, type OrmTestApp, type OrmTestOptions } from '../../support/databases.js';

@Entity()
export class Diary {
  @PrimaryColumn()
  id: number;

  @OneToMany(() => Note, (note) => note.diary)
  notes: Relation<Note>[];
}

@Entity()
export class Note {
  @PrimaryColumn()
  id: number;

  @Column({ type: 'datetime', nullable: true })
  at: Date | null;

  @Column({ type: 'datetime', nullable: true })
  begun: Date | null;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ type: 'time', nullable: true })
  clock: string | null;

  @ManyToOne(() => Diary, (diary) => diary.notes, { nullable: true })
  diary: Relation<Diary> | null;
}

const HOUR = 3_600_000;

/** Zones with rules of every sort, whose history every copy of the IANA database tells in the same way. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Sao_Paulo',
  'America/Toronto',
  'Africa/Monrovia',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Etc/GMT+5',
] as const;

/** Around changes of clocks: forward, back, over midnight, over a whole day, by half an hour; and far from all of them. */
export const MOMENTS = [
  '2024-03-31T00:59:59.999Z',
  '2024-03-31T01:00:00.000Z',
  '2024-10-26T22:00:00.000Z',
  '2024-10-27T00:30:00.000Z',
  '2024-10-27T01:30:00.125Z',
  '2024-10-27T23:00:00.000Z',
  '2024-11-03T04:30:00.000Z',
  '2024-11-03T05:30:00.000Z',
  '2018-11-04T02:59:59.999Z',
  '2018-11-04T03:00:00.000Z',
  '2018-02-18T01:30:00.000Z',
  '2018-02-18T02:30:00.000Z',
  '2018-02-18T03:30:00.000Z',
  '2006-10-29T02:30:30.000Z',
  '2006-10-29T02:45:00.000Z',
  '2006-10-29T03:45:00.000Z',
  '2011-12-30T09:59:59.000Z',
  '2011-12-30T10:00:00.000Z',
  '2024-04-06T14:45:00.000Z',
  '2024-04-06T15:15:00.000Z',
  '2024-10-05T15:45:00.000Z',
  '2024-04-06T13:50:00.000Z',
  '2024-04-06T14:20:00.000Z',
  '2024-09-28T14:10:00.000Z',
  '2024-12-31T18:30:00.000Z',
  '2024-01-01T00:00:00.000Z',
  '2021-01-03T23:30:00.000Z',
  '1986-01-01T12:34:56.789Z',
  '1969-12-31T23:59:59.999Z',
  '1972-01-06T23:50:00.000Z',
  '1960-07-15T12:00:00.001Z',
  '1943-06-30T22:15:00.000Z',
  '1919-03-31T04:45:00.000Z',
  '1916-09-30T22:30:00.000Z',
  '1916-09-30T23:30:00.000Z',
  '1893-03-31T23:00:00.000Z',
  '1880-05-05T05:05:05.500Z',
  '1582-10-10T10:10:10.000Z',
  '0250-02-28T23:59:59.000Z',
  '2038-01-19T03:14:08.000Z',
  '2099-07-01T12:00:00.000Z',
  '2100-03-01T00:30:00.000Z',
  '2124-10-29T00:30:00.000Z',
  '2400-02-29T12:00:00.000Z',
  '9998-07-01T00:00:00.000Z',
] as const;

/** Boots an application with the notes of {@link MOMENTS}. */
export async function openDiaries(url: string, options: Partial<OrmTestOptions> = {}): Promise<OrmTestApp> {
  const app = await openOrm({ database: url, entities: [Diary, Note], ...options });
  await fillDiaries(app, MOMENTS);
  return app;
}

/** One note for each moment, and one without; they take turns in two diaries. */
export async function fillDiaries({ db }: OrmTestApp, moments: readonly string[]): Promise<void> {
  await db.objects(Diary).bulkCreate([{ id: 1 }, { id: 2 }]);
  const notes = moments.map((at, index) => ({
    id: index + 1,
    at: new Date(at),
    day: at.slice(0, 10),
    clock: at.slice(11, 19),
    diary: (index % 2) + 1,
  }));
  await db.objects(Note).bulkCreate([...notes, { id: 0, at: null, day: null, clock: null, diary: null }]);
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const NUMERIC = Object.fromEntries(PARTS.map((part) => [part, 'numeric']));

/** A clock in a zone as Node formats it: what it shows is told by the moment at which one of UTC shows it. */
export class Clock {
  private readonly format: Intl.DateTimeFormat;
  private readonly begins = new Map<number, Date>();

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...NUMERIC });
  }

  shows(moment: number): number {
    const parts = new Map(this.format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const [year, month, day, hour, minute, second] = PARTS.map((part) => parts.get(part)!);
    const shown = new Date(0);
    shown.setUTCFullYear(year!, month! - 1, day);
    shown.setUTCHours(hour!, minute, second, ((moment % 1000) + 1000) % 1000);
    return shown.getTime();
  }

  /** The first moment at which it shows a day, found by looking at it. */
  begin(day: number): Date {
    const known = this.begins.get(day) ?? this.firstOf(day);
    this.begins.set(day, known);
    return known;
  }

  private firstOf(day: number): Date {
    let [before, after] = [day - 30 * HOUR, day - 30 * HOUR];
    while (this.shows(after) < day) [before, after] = [after, after + HOUR / 4];
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (this.shows(middle) < day) before = middle;
      else after = middle;
    }
    return new Date(after);
  }
}
