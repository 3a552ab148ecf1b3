import { nearest } from '#core';

import { UnknownTimeZoneError } from '../query.errors.js';
import { TimeZone, UTC } from './time-zone.js';

/** Names of the IANA database; others that Node takes mean something else elsewhere (`CET`, `IST`, `EST5EDT`). */
const NAME =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)(?:\/[A-Z][\w+-]*){1,2}$/;

/** Zones whose present names Node takes but does not list. */
const RENAMED = [
  'UTC',
  'Africa/Asmara',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];

/** The zones that the queries of a database have named, each with its table. */
export class TimeZones {
  private readonly known = new Map<string, TimeZone>([[UTC.name, UTC]]);

  constructor(private readonly usual: string = UTC.name) {}

  /** The zone of queries that name none. */
  get default(): TimeZone {
    return this.of(this.usual);
  }

  /** @throws UnknownTimeZoneError with the nearest name */
  of(name: string): TimeZone {
    const known = this.known.get(name);
    if (known) return known;
    if (!isTimeZone(name)) throw new UnknownTimeZoneError(name, nearestZone(name));
    const made = new TimeZone(name);
    this.known.set(name, made);
    return made;
  }
}

/** Whether a text is the name of a zone. */
export function isTimeZone(name: unknown): name is string {
  if (name === UTC.name) return true;
  if (typeof name !== 'string' || !NAME.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** The name of a zone that a misspelt one may mean, by the whole of it or by its city. */
export function nearestZone(given: unknown): string | undefined {
  const name = String(given).trim().replaceAll(' ', '_');
  const all = [...RENAMED, ...Intl.supportedValuesOf('timeZone')];
  const city = name.split('/').at(-1)!.toLowerCase();
  return nearest(name, all) ?? all.find((zone) => zone.toLowerCase().endsWith(`/${city}`));
}
