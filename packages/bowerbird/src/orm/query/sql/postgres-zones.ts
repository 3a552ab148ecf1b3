import { oddMidnights } from '../zones/odd-midnights.js';
import { type TimeZone } from '../zones/time-zone.js';
import { CLOCK_UNITS, type TruncateUnit } from './expression-dialect.js';
import { join, NOTHING, raw, sql, type Sql } from './sql.js';
import { zoneName } from './zone-name.js';

/** Later than any begin of a unit of time behind a moment, in seconds. */
const LONGEST_UNIT = 367 * 86_400;

/** What clocks of a zone show at a moment on PostgreSQL. */
export function postgresClock(moment: Sql, zone: TimeZone): Sql {
  return sql`(${moment})::timestamptz AT TIME ZONE ${zoneName(zone)}`;
}

/** The moment at which a unit of time begins on PostgreSQL. Hours and less are cut off by the offset at the moment. */
export function postgresBegin(unit: TruncateUnit, moment: Sql, zone: TimeZone): Sql {
  const begin = sql`DATE_TRUNC(${raw(`'${unit}'`)}, (${moment})::timestamptz, ${zoneName(zone)})`;
  return CLOCK_UNITS.has(unit) ? begin : firstMidnight(begin, sql`(${moment})::timestamptz`, zone);
}

/** The first moment of a day on PostgreSQL. */
export function postgresMidnight(day: Sql, zone: TimeZone): Sql {
  const begin = sql`((${day})::timestamp AT TIME ZONE ${zoneName(zone)})`;
  return firstMidnight(begin, begin, zone);
}

/**
 * PostgreSQL takes the later one of two midnights, and for one that the clocks skipped the time that clocks would have
 * shown without it. The day begins with the earlier one, or with the change.
 */
function firstMidnight(begin: Sql, moment: Sql, zone: TimeZone): Sql {
  if (zone.isUtc) return begin;
  const { repeated, until, skipped } = oddMidnights(zone);
  if (repeated.length === 0 && skipped.length === 0) return begin;
  const changes = skipped.map(
    ({ midnight, begin: change }) => sql`WHEN ${begin} = ${instant(midnight)} THEN ${instant(change)}`,
  );
  const earlier = repeated.map((seconds) => {
    const first = sql`(${begin} - INTERVAL ${raw(`'${seconds} seconds'`)})`;
    const [one, other] = [first, begin].map((each) => sql`${each} AT TIME ZONE ${zoneName(zone)}`);
    const soon = until === undefined ? NOTHING : sql`${moment} < ${instant(until + LONGEST_UNIT)} AND `;
    return sql`WHEN ${soon}${one!} = ${other!} THEN ${first}`;
  });
  return sql`CASE ${join([...changes, ...earlier], ' ')} ELSE ${begin} END`;
}

function instant(seconds: number): Sql {
  return raw(`TIMESTAMPTZ '${new Date(seconds * 1000).toISOString()}'`);
}
