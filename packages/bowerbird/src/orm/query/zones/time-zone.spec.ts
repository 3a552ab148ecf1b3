import { describe, expect, it } from 'vitest';

import { offsetReader } from './clock-changes.js';
import { oddMidnights } from './odd-midnights.js';
import { TimeZone } from './time-zone.js';
import { isTimeZone, TimeZones } from './time-zones.js';

const HOUR = 3_600_000;

/** Zones with rules of every sort: none, quarters of hours, half hours of summer, changes at midnight, Ramadan. */
const ZONES = [
  'UTC',
  'Etc/GMT+5',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Sao_Paulo',
  'America/Toronto',
  'Asia/Kathmandu',
  'Asia/Gaza',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
];

const zones = new TimeZones();
const at = (text: string): number => Date.parse(text);
const shown = (moment: number): string => new Date(moment).toISOString();

/** Moments of all centuries, most of them where Node's zones have changes. */
function moments(): number[] {
  const spread = (from: string, to: string, count: number): number[] =>
    Array.from({ length: count }, (_, index) => at(from) + ((at(to) - at(from)) * (index + 0.37)) / count);
  return [
    ...spread('0001-01-03T00:00:00Z', '1840-01-01T00:00:00Z', 50),
    ...spread('1840-01-01T00:00:00Z', '2040-01-01T00:00:00Z', 1_500),
    ...spread('2040-01-01T00:00:00Z', '9999-12-30T00:00:00Z', 500),
  ].map(Math.floor);
}

describe('a time zone', () => {
  it.each(ZONES)('%s shows what Node shows', (name) => {
    const zone = zones.of(name);
    const offsetAt = offsetReader(name);
    const wrong = moments()
      .filter((moment) => zone.clockAt(moment) - moment !== offsetAt(Math.floor(moment / 1000)) * 1000)
      .map(shown);
    expect(wrong).toEqual([]);
  });

  it.each(ZONES)('%s finds the first moment of each day', (name) => {
    const zone = zones.of(name);
    const days = moments().map(
      (moment) => zone.clockAt(moment) - (((zone.clockAt(moment) % (24 * HOUR)) + 24 * HOUR) % (24 * HOUR)),
    );
    const wrong = days.filter((midnight) => {
      const begin = zone.midnight(midnight);
      return (
        zone.clockAt(begin) < midnight ||
        (zone.clockAt(begin - 1) >= midnight && zone.clockAt(begin - 1) < midnight + HOUR)
      );
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it.each([
    ['Europe/Berlin', '2024-03-31T00:59:59.999Z', '2024-03-31T01:59:59.999Z'],
    ['Europe/Berlin', '2024-03-31T01:00:00.000Z', '2024-03-31T03:00:00.000Z'],
    ['Europe/Berlin', '1880-01-01T00:00:00.000Z', '1880-01-01T00:53:28.000Z'],
    ['Asia/Kathmandu', '2024-06-01T00:00:00.000Z', '2024-06-01T05:45:00.000Z'],
    ['Africa/Monrovia', '1970-01-01T00:00:00.000Z', '1969-12-31T23:15:30.000Z'],
    ['Europe/Berlin', '2124-07-01T12:00:00.000Z', '2124-07-01T14:00:00.000Z'],
    ['Europe/Berlin', '9999-07-01T12:00:00.000Z', '9999-07-01T14:00:00.000Z'],
    ['Asia/Tokyo', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['America/New_York', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ])('%s at %s shows %s', (name, moment, clock) => {
    expect(shown(zones.of(name).clockAt(at(moment)))).toBe(clock);
  });

  it.each([
    ['Europe/Berlin', '2024-03-31', '2024-03-30T23:00:00.000Z'],
    ['Europe/Berlin', '1916-10-01', '1916-09-30T22:00:00.000Z'],
    ['America/Havana', '2024-11-03', '2024-11-03T04:00:00.000Z'],
    ['America/Havana', '2140-11-06', '2140-11-06T04:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
    ['Asia/Tokyo', '0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s begins %s at %s', (name, day, begin) => {
    expect(shown(zones.of(name).midnight(at(`${day}T00:00:00Z`)))).toBe(begin);
  });

  it('tells midnights after which the day before goes on', () => {
    const repeats = (name: string, day: string): boolean => zones.of(name).repeatsBefore(at(`${day}T00:00:00Z`));
    expect(repeats('America/St_Johns', '2006-10-29')).toBe(true);
    expect(repeats('America/St_Johns', '2006-10-30')).toBe(false);
    expect(repeats('America/Havana', '2024-11-03')).toBe(false);
    expect(repeats('Europe/Berlin', '2024-10-27')).toBe(false);
    expect(repeats('UTC', '2024-10-27')).toBe(false);
  });

  it('knows its odd midnights', () => {
    expect(oddMidnights(zones.of('Asia/Kathmandu'))).toEqual({ repeated: [], until: -Infinity, skipped: [] });
    expect(oddMidnights(zones.of('Europe/Berlin'))).toEqual({
      repeated: [3600],
      until: at('1916-09-30T23:00:00Z') / 1000,
      skipped: [],
    });
    expect(oddMidnights(zones.of('America/Havana'))).toMatchObject({ repeated: [3600], until: undefined });
    expect(oddMidnights(zones.of('America/Toronto')).skipped).toEqual([
      { midnight: at('1919-03-31T05:00:00Z') / 1000, begin: at('1919-03-31T04:30:00Z') / 1000 },
    ]);
  });

  it('is a name of the IANA database', () => {
    for (const name of [
      'UTC',
      'Etc/UTC',
      'Etc/GMT+5',
      'Asia/Kolkata',
      'Asia/Calcutta',
      'America/Argentina/Ushuaia',
      'US/Eastern',
    ])
      expect(isTimeZone(name)).toBe(true);
    for (const name of [
      'CET',
      'EST',
      'IST',
      'GMT',
      '+02:00',
      'Europe/berlin',
      'Europe/Nowhere',
      "Europe/Berlin'",
      '',
      5,
      undefined,
      'SystemV/EST5',
    ])
      expect(isTimeZone(name)).toBe(false);
  });

  it.each([
    ['Europe/Berln', 'Europe/Berlin'],
    ['Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['America/New York', 'America/New_York'],
    ['Asia/Kolkatta', 'Asia/Kolkata'],
  ])('%s is taken for a misspelt %s', (name, meant) => {
    expect(() => zones.of(name)).toThrow(`Did you mean "${meant}"?`);
  });

  it('is asked for once', () => {
    expect(zones.of('Europe/Berlin')).toBe(zones.of('Europe/Berlin'));
    expect(new TimeZones().default.isUtc).toBe(true);
    expect(new TimeZones('Asia/Tokyo').default).toBeInstanceOf(TimeZone);
  });
});
