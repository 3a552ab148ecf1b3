import { CENTURIES, CENTURY_SHIFT, CYCLE, FOUR_CENTURIES } from '../zones/clock-cycle.js';
import { type Steps } from '../zones/clock-table.js';
import { type TimeZone } from '../zones/time-zone.js';
import { raw, sql, type Sql } from './sql.js';

/** 1970 as TO_SECONDS counts. */
const EPOCH = 62_167_219_200;

/**
 * What clocks of a zone show at a moment on MySQL. The offsets stand in the statement: CONVERT_TZ leaves moments before
 * 1970 and, on most servers, after 2037 as they are without a word, and gives NULL where the zones were not loaded.
 */
export function mysqlClock(moment: Sql, zone: TimeZone): Sql {
  return sql`DATE_ADD(${moment}, INTERVAL ${mysqlOffset(moment, zone)} SECOND)`;
}

/** The seconds that clocks of a zone are ahead of UTC at a moment. */
export function mysqlOffset(moment: Sql, { table }: TimeZone): Sql {
  const offset = lookUp(moment, table.ofMoments, table.from);
  return table.leadsOut ? sql`IF(${moment} >= '9999-12-31', 0, ${offset})` : offset;
}

/** The first moment of the day that begins when the clocks show a midnight. */
export function mysqlMidnight(clock: Sql, { table }: TimeZone): Sql {
  return sql`DATE_SUB(${clock}, INTERVAL ${lookUp(clock, table.ofMidnights, table.from)} SECOND)`;
}

/** INTERVAL with several arguments searches for the first one among the others, by halves. */
function lookUp(moment: Sql, { starts, values }: Steps, from: number | undefined): Sql {
  if (starts.length === 0) return raw(String(values[0]));
  const seconds = from === undefined ? sql`TO_SECONDS(${moment})` : cycled(sql`TO_SECONDS(${moment})`, from + EPOCH);
  const [bounds, offsets] = [starts.map((start) => start + EPOCH), values].map((list) => raw(list.join(', ')));
  return sql`ELT(1 + INTERVAL(${seconds}, ${bounds!}), ${offsets!})`;
}

/** The same as `cycled` of the zones, in seconds of TO_SECONDS. */
function cycled(seconds: Sql, from: number): Sql {
  const start = raw(String(from));
  const later = sql`GREATEST(${seconds}, ${start})`;
  const days = sql`((${later} - ${raw(String(CENTURIES + EPOCH))}) DIV 86400)`;
  const century = sql`((4 * ${days} + 3) DIV ${raw(String(FOUR_CENTURIES))})`;
  const shift = sql`${raw(String(CENTURY_SHIFT))} * ((3 * ${century} + 3) DIV 4)`;
  return sql`LEAST(${seconds}, ${start}) + MOD(${later} - ${start} + ${shift}, ${raw(String(CYCLE))})`;
}
