import { type QueryState } from '../query-state.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type TimeZone } from '../zones/time-zone.js';

/** The zone in which a query takes moments apart: its own, or that of the settings. @throws UnknownTimeZoneError */
export function zoneOf({ zones }: SqlDialect, { zone }: Pick<QueryState, 'zone'>): TimeZone {
  return zone === null ? zones.default : zones.of(zone);
}
