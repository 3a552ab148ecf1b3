import { nativeTypeOf } from '../../describe/portable-columns.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError } from '../query.errors.js';
import { bind, raw, sql, type Sql } from '../sql/sql.js';
import { toText } from './coerce.js';
import { listOf } from './lookups.js';
import { type PartedKind, type PartedValue } from './parted-kind.js';

type HstoreLookup = (value: PartedValue, given: unknown) => Sql;

const LOOKUPS: Readonly<Record<string, HstoreLookup>> = {
  exact: compared('='),
  contains: compared('@>'),
  containedBy: compared('<@'),
  hasKey: ({ sql: value, path }, given) => sql`EXIST(${value}, ${bind(keyOf(given, path))}::text)`,
  hasKeys: keys('EXISTS_ALL'),
  hasAnyKeys: keys('EXISTS_ANY'),
};

/** A column of texts by keys (PostgreSQL's hstore): `labels__hasKey: 'color'`. A path leads to a value: `labels.color`. */
export const HSTORE: PartedKind = {
  parts: [],
  part: () => undefined,
  compile(value, lookups, given) {
    const lookup = lookups.length === 1 && Object.hasOwn(LOOKUPS, lookups[0]!) ? LOOKUPS[lookups[0]!] : undefined;
    if (!lookup)
      throw new UnknownLookupError(value.path, lookups.join('__'), [...Object.keys(LOOKUPS), 'ne', 'isnull']);
    return lookup(value, given);
  },
};

/** Whether a column holds texts by keys. */
export function isHstore({ metadata }: ColumnModel): boolean {
  return nativeTypeOf(metadata) === 'hstore';
}

function compared(operator: string): HstoreLookup {
  return ({ sql: value, path }, given) => {
    const plain = typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype;
    const entries = plain ? Object.entries(given) : undefined;
    const fits = entries?.every(
      ([key, each]) => toText(key) !== undefined && (each === null || typeof each === 'string'),
    );
    if (!entries || !fits) throw new BadLookupValueError(path, given, 'an object of texts');
    const [names, texts] = [entries.map(([key]) => key), entries.map(([, each]: [string, unknown]) => each)];
    return sql`${value} ${raw(operator)} HSTORE(${bind(names)}::text[], ${bind(texts)}::text[])`;
  };
}

function keys(name: string): HstoreLookup {
  return ({ sql: value, path }, given) => {
    const wanted = listOf(given, path).map((key) => keyOf(key, path));
    if (wanted.length === 0) throw new BadLookupValueError(path, given, 'a list of at least one key');
    return sql`${raw(name)}(${value}, ${bind(wanted)}::text[])`;
  };
}

function keyOf(given: unknown, path: string): string {
  const key = typeof given === 'string' ? toText(given) : undefined;
  if (key === undefined) throw new BadLookupValueError(path, given, 'text without NUL bytes');
  return key;
}
