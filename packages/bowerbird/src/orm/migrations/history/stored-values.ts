import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { DEFAULT_SCALE } from '../schema/column-types.js';
import { type ColumnType } from '../state/field-state.js';

type SelectText = (column: string) => string;
type Convert = (value: unknown, type: ColumnType) => unknown;

const asText: SelectText = (column) => `CAST(${column} AS CHAR)`;
const asPostgresText: SelectText = (column) => `${column}::text`;

/** Kinds whose values each driver gives in its own way are read as text. */
const SELECTED: Readonly<Record<Dialect, Partial<Record<FieldKind, SelectText>>>> = {
  sqlite: {
    bigint: (column) => `CAST(${column} AS TEXT)`,
    decimal: (column) => `CAST(${column} AS TEXT)`,
  },
  postgres: {
    bigint: asPostgresText,
    decimal: asPostgresText,
    date: asPostgresText,
    time: asPostgresText,
    json: asPostgresText,
    uuid: asPostgresText,
    datetime: (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`,
  },
  mysql: {
    bigint: asText,
    decimal: asText,
    date: asText,
    time: asText,
    json: asText,
    datetime: asText,
  },
};

/** How a column is read; its value goes through {@link readValue}. */
export function selectText(dialect: Dialect, { kind, native }: ColumnType, column: string): string {
  return (native === undefined ? SELECTED[dialect][kind]?.(column) : undefined) ?? column;
}

const READ: Partial<Record<FieldKind, Convert>> = {
  boolean: (value) => value === true || Number(value) === 1,
  bigint: String,
  decimal: (value, { scale, precision }) =>
    withScale(String(value), scale ?? (precision === undefined ? DEFAULT_SCALE : 0)),
  datetime: (value) => (value instanceof Date ? value : momentOf(String(value))),
  json: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value),
};

/**
 * The value of a row as code sees it, the same from every database: text for decimals, bigints, dates and times, `Date`
 * for datetimes, parsed JSON, `null`.
 */
export function readValue(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  return type.native === undefined ? (READ[type.kind]?.(value, type) ?? value) : value;
}

const WRITTEN: Partial<Record<FieldKind, (value: unknown, dialect: Dialect) => unknown>> = {
  boolean: (value, dialect) => (dialect === 'postgres' ? Boolean(value) : Number(Boolean(value))),
  bigint: String,
  decimal: String,
  json: (value) => JSON.stringify(value),
  date: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  datetime: (value, dialect) => momentText(value instanceof Date ? value : momentOf(String(value)), dialect),
};

/** A value as a parameter of a statement. */
export function writtenValue(dialect: Dialect, { kind, native }: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return native === undefined ? (WRITTEN[kind]?.(value, dialect) ?? value) : value;
}

/** A moment without a zone is in UTC. */
function momentOf(text: string): Date {
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes(':') ? text : `${text.replace(' ', 'T')}Z`;
  return new Date(zoned);
}

function momentText(moment: Date, dialect: Dialect): string {
  const text = moment.toISOString().replace('T', ' ').replace('Z', '');
  return dialect === 'postgres' ? `${text}+00` : text;
}

/** SQLite keeps 12.5 of 12.50. */
function withScale(text: string, scale: number): string {
  if (scale === 0 || /e/i.test(text)) return text;
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  return `${whole}.${fraction.padEnd(scale, '0')}`;
}
