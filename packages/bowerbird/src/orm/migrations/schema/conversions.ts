import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { type ColumnType } from '../state/field-state.js';
import { columnTypeText } from './column-types.js';

type Family = 'text' | 'number' | 'boolean' | 'moment' | 'uuid' | 'json' | 'binary';

const FAMILIES: Readonly<Record<FieldKind, Family>> = {
  string: 'text',
  text: 'text',
  enum: 'text',
  integer: 'number',
  bigint: 'number',
  float: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'moment',
  time: 'moment',
  datetime: 'moment',
  uuid: 'uuid',
  json: 'json',
  binary: 'binary',
};

/** Kinds of one family hold the same sort of value, so that one may turn into the other. */
export function familyOf(kind: FieldKind): Family {
  return FAMILIES[kind];
}

/** The words that count as true in text, as PostgreSQL reads them. */
export const TRUE_WORDS = "('1', 't', 'true', 'y', 'yes', 'on')";
const FALSE_WORDS = "('0', 'f', 'false', 'n', 'no', 'off')";

type Convert = (column: string, from: ColumnType, to: ColumnType) => string | null;

/** PostgreSQL's USING: only where no assignment cast does it. An explicit cast to varchar(n) would cut silently. */
const convertPostgres: Convert = (column, from, to) => {
  const [source, target] = [familyOf(from.kind), familyOf(to.kind)];
  const exact = to.types?.postgres;
  if (exact !== undefined && exact !== from.types?.postgres) return `${column}::text::${exact}`;
  if (target === 'text') return source === 'text' ? null : postgresText(column, from.kind);
  if (source === 'text' && to.kind === 'binary') return `convert_to(${column}, 'UTF8')`;
  if (source === 'boolean' && target === 'number') return `${column}::integer`;
  if (source === 'number' && target === 'boolean') return `${column} <> 0`;
  if (source === 'number' && target === 'number') return null;
  if (to.kind === 'datetime' && from.kind === 'date') return `${column}::timestamp AT TIME ZONE 'UTC'`;
  if (from.kind === 'datetime' && to.kind === 'datetime') return null;
  if (from.kind === 'datetime' && target === 'moment') return `(${column} AT TIME ZONE 'UTC')::${to.kind}`;
  if (from.kind === to.kind && from.native === to.native) return null;
  const bare = to.kind === 'decimal' ? 'numeric' : columnTypeText('postgres', to);
  return source === 'text' ? `${column}::${bare}` : `${column}::text::${bare}`;
};

function postgresText(column: string, from: FieldKind): string {
  if (from === 'datetime') return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`;
  return from === 'binary' ? `convert_from(${column}, 'UTF8')` : `${column}::text`;
}

const convertSqlite: Convert = (column, from, to) => {
  const [source, target] = [familyOf(from.kind), familyOf(to.kind)];
  if (target === 'text' && source === 'boolean') return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`;
  if (target === 'text' && (source === 'number' || source === 'binary')) return `CAST(${column} AS TEXT)`;
  if (source === 'text' && target === 'boolean') {
    return `CASE WHEN LOWER(${column}) IN ${TRUE_WORDS} THEN 1 WHEN ${column} IS NOT NULL THEN 0 END`;
  }
  if (target === 'number' && source !== 'boolean' && source !== 'moment') return sqliteNumber(column, to.kind);
  if (source === 'number' && target === 'boolean') return `${column} <> 0`;
  if (source === 'text' && target === 'binary') return `CAST(${column} AS BLOB)`;
  if (from.kind === 'date' && to.kind === 'datetime') return `${column} || ' 00:00:00.000'`;
  if (from.kind === 'datetime' && to.kind === 'date') return `SUBSTR(${column}, 1, 10)`;
  if (from.kind === 'datetime' && to.kind === 'time') return `SUBSTR(${column}, 12, 8)`;
  return null;
};

function sqliteNumber(column: string, to: FieldKind): string {
  const affinity = { integer: 'INTEGER', bigint: 'INTEGER', float: 'REAL' }[to as string] ?? 'NUMERIC';
  return `CAST(${column} AS ${affinity})`;
}

/** The expression that turns a stored value into the new type; null where the database does it by itself. */
export function conversionText(dialect: Dialect, column: string, from: ColumnType, to: ColumnType): string | null {
  if (dialect === 'postgres') return convertPostgres(column, from, to);
  return dialect === 'sqlite' ? convertSqlite(column, from, to) : null;
}

/** Conditions under which a stored value would not survive the change as it is. Empty: every value does. */
export function lossConditions(dialect: Dialect, column: string, from: ColumnType, to: ColumnType): readonly string[] {
  return [
    tooLong(dialect, column, from, to),
    fractional(dialect, column, from, to),
    tooLarge(column, from, to),
    cutMoment(dialect, column, from, to),
    familyOf(from.kind) === 'number' && to.kind === 'boolean' ? `${column} NOT IN (0, 1)` : null,
    dialect === 'sqlite' ? unreadable(column, from, to) : null,
  ].filter((condition) => condition !== null);
}

function tooLong(dialect: Dialect, column: string, from: ColumnType, to: ColumnType): string | null {
  if (to.kind !== 'string' && to.kind !== 'enum') return null;
  const limit = to.length ?? 255;
  if (longestText(from) <= limit) return null;
  const length = { sqlite: `LENGTH(${column})`, postgres: `LENGTH(${column}::text)`, mysql: `CHAR_LENGTH(${column})` };
  return `${length[dialect]} > ${limit}`;
}

function longestText({ kind, length, precision }: ColumnType): number {
  const fixed: Partial<Record<FieldKind, number>> = {
    boolean: 5,
    integer: 11,
    bigint: 20,
    date: 10,
    time: 15,
    datetime: 26,
    uuid: 36,
    decimal: (precision ?? 19) + 2,
    string: length ?? 255,
    enum: length ?? 255,
  };
  return fixed[kind] ?? Number.POSITIVE_INFINITY;
}

const scaleOf = ({ kind, precision, scale }: ColumnType): number =>
  kind === 'decimal' ? (scale ?? (precision === undefined ? 4 : 0)) : kind === 'float' ? 99 : 0;

function fractional(dialect: Dialect, column: string, from: ColumnType, to: ColumnType): string | null {
  const numbers = familyOf(from.kind) === 'number' && familyOf(to.kind) === 'number';
  if (!numbers || to.kind === 'float' || scaleOf(from) <= scaleOf(to)) return null;
  const exact = dialect === 'postgres' ? `${column}::numeric` : column;
  return `${exact} <> ROUND(${exact}, ${scaleOf(to)})`;
}

function tooLarge(column: string, from: ColumnType, to: ColumnType): string | null {
  if (familyOf(from.kind) !== 'number') return null;
  if (to.kind === 'integer' && from.kind !== 'integer') return `${column} NOT BETWEEN -2147483648 AND 2147483647`;
  if (to.kind !== 'decimal') return null;
  const digits = (to.precision ?? 19) - scaleOf(to);
  const had = from.kind === 'decimal' ? (from.precision ?? 19) - scaleOf(from) : 40;
  return had <= digits ? null : `ABS(${column}) >= 1${'0'.repeat(digits)}`;
}

function cutMoment(dialect: Dialect, column: string, from: ColumnType, to: ColumnType): string | null {
  if (from.kind !== 'datetime' || to.kind !== 'date') return null;
  return {
    sqlite: `SUBSTR(${column}, 12) NOT IN ('', '00:00:00', '00:00:00.000')`,
    postgres: `(${column} AT TIME ZONE 'UTC')::time <> '00:00'`,
    mysql: `TIME(${column}) <> '00:00:00'`,
  }[dialect];
}

/** SQLite converts whatever it finds without complaint; the other two refuse by themselves. */
function unreadable(column: string, from: ColumnType, to: ColumnType): string | null {
  if (familyOf(from.kind) !== 'text') return null;
  const conditions: Partial<Record<FieldKind, string>> = {
    integer: `CAST(CAST(${column} AS INTEGER) AS TEXT) <> TRIM(${column})`,
    bigint: `CAST(CAST(${column} AS INTEGER) AS TEXT) <> TRIM(${column})`,
    decimal: `TRIM(${column}) = '' OR TRIM(${column}) GLOB '*[^0-9.eE+-]*'`,
    float: `TRIM(${column}) = '' OR TRIM(${column}) GLOB '*[^0-9.eE+-]*'`,
    boolean: `LOWER(${column}) NOT IN ${TRUE_WORDS} AND LOWER(${column}) NOT IN ${FALSE_WORDS}`,
    date: `DATE(${column}) IS NULL`,
    datetime: `DATETIME(${column}) IS NULL`,
    time: `TIME(${column}) IS NULL`,
    json: `NOT JSON_VALID(${column})`,
    uuid: `LENGTH(${column}) <> 36`,
  };
  return conditions[to.kind] ?? null;
}
