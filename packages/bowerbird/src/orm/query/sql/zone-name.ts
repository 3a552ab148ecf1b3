import { type TimeZone } from '../zones/time-zone.js';
import { raw, type Sql } from './sql.js';

/** The name of a zone as a text of SQL. It holds nothing but letters, digits, `_`, `+`, `-` and `/`. */
export function zoneName({ name }: TimeZone): Sql {
  return raw(`'${name}'`);
}
