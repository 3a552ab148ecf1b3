import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { isSqlExpression, sqlTextFor, type ColumnType } from '../state/field-state.js';

const NOW = /^\s*(now\(\)|current_timestamp(\(\d?\))?|\(?\s*datetime\('now'\)\s*\)?)\s*$/i;
const TODAY = /^\s*(current_date(\(\))?|\(?\s*date\('now'\)\s*\)?)\s*$/i;

/** A name quoted for the dialect. */
export function quoteName(dialect: Dialect, name: string): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
}

/** Text as a string literal; a backslash is an escape in MySQL alone. */
export function quoteText(dialect: Dialect, text: string): string {
  const escaped = text.replaceAll("'", "''");
  return `'${dialect === 'mysql' ? escaped.replaceAll('\\', '\\\\') : escaped}'`;
}

/** The current moment to the given fraction of a second, as DDL writes it in a default. */
export function nowText(dialect: Dialect, type: ColumnType): string {
  const { kind } = type;
  const precision = secondsOf(dialect, type);
  if (kind === 'date') return { sqlite: "(DATE('now'))", postgres: 'CURRENT_DATE', mysql: '(CURRENT_DATE)' }[dialect];
  if (kind === 'time') return { sqlite: "(TIME('now'))", postgres: 'LOCALTIME(0)', mysql: '(CURRENT_TIME)' }[dialect];
  return {
    sqlite: "(STRFTIME('%Y-%m-%d %H:%M:%f', 'now'))",
    postgres: `CURRENT_TIMESTAMP(${precision})`,
    mysql: `CURRENT_TIMESTAMP(${precision})`,
  }[dialect];
}

/** MySQL wants the fraction in a default to be that of the column. */
function secondsOf(dialect: Dialect, { types, precision = 3 }: ColumnType): number {
  const exact = types?.[dialect];
  return exact === undefined ? precision : Number(/\((\d)\)/.exec(exact)?.[1] ?? (dialect === 'mysql' ? 0 : 6));
}

/** A value for a column of this type: an expression as it is written, anything else as a literal of the dialect. */
export function valueText(dialect: Dialect, type: ColumnType, value: unknown): string {
  if (!isSqlExpression(value)) return literal(dialect, type, value);
  const text = sqlTextFor(value.sql, dialect).trim();
  return NOW.test(text) || TODAY.test(text) ? nowText(dialect, type) : text;
}

/** The DEFAULT of a column, in parentheses where the dialect wants an expression in them. */
export function defaultText(dialect: Dialect, type: ColumnType, value: unknown): string {
  const text = valueText(dialect, type, value);
  if (isSqlExpression(value)) {
    const bare = dialect === 'postgres' || text.startsWith('(') || /^(CURRENT_\w+(\(\d\))?|NULL)$/i.test(text);
    return bare ? text : `(${text})`;
  }
  const needsExpression = dialect === 'mysql' && ['text', 'json', 'binary'].includes(type.kind);
  return needsExpression ? `(${text})` : text;
}

/** What a kind holds when nobody says anything: empty text, 0, false, the first moment, an empty object. */
export function emptyValue({ kind, values }: ColumnType): unknown {
  const empty: Readonly<Record<FieldKind, unknown>> = {
    string: '',
    text: '',
    integer: 0,
    bigint: 0,
    float: 0,
    decimal: 0,
    boolean: false,
    date: '1970-01-01',
    time: '00:00:00',
    datetime: '1970-01-01T00:00:00.000Z',
    uuid: '00000000-0000-0000-0000-000000000000',
    json: {},
    enum: values?.[0] ?? '',
    binary: Buffer.alloc(0),
  };
  return empty[kind];
}

type LiteralText = (dialect: Dialect, value: unknown) => string;

const asNumber: LiteralText = (dialect, value) => {
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value).trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? text : quoteText(dialect, text);
};
const asText: LiteralText = (dialect, value) =>
  quoteText(dialect, typeof value === 'string' ? value : JSON.stringify(value));
const asBoolean: LiteralText = (dialect, value) => {
  const on = value === true || ['1', 't', 'true', 'yes', 'on'].includes(String(value).toLowerCase());
  return dialect === 'postgres' ? String(on) : String(Number(on));
};
const asJson: LiteralText = (dialect, value) =>
  quoteText(dialect, typeof value === 'string' && isJson(value) ? value : JSON.stringify(value));
const asDate: LiteralText = (dialect, value) =>
  quoteText(dialect, value instanceof Date ? value.toISOString().slice(0, 10) : String(value));
const asDatetime: LiteralText = (dialect, value) => {
  const moment = value instanceof Date ? value : new Date(zoned(String(value)));
  if (Number.isNaN(moment.getTime())) return quoteText(dialect, String(value));
  const text = moment.toISOString().replace('T', ' ').replace('Z', '');
  return quoteText(dialect, dialect === 'postgres' ? `${text}+00` : text);
};
const asBinary: LiteralText = (dialect, value) => {
  const hex = Buffer.from(value as Uint8Array | string as string).toString('hex');
  return dialect === 'postgres' ? `'\\x${hex}'` : `x'${hex}'`;
};

const LITERALS: Readonly<Record<FieldKind, LiteralText>> = {
  string: asText,
  text: asText,
  integer: asNumber,
  bigint: asNumber,
  float: asNumber,
  decimal: asNumber,
  boolean: asBoolean,
  date: asDate,
  time: asText,
  datetime: asDatetime,
  uuid: asText,
  json: asJson,
  enum: asText,
  binary: asBinary,
};

function literal(dialect: Dialect, { kind, native }: ColumnType, value: unknown): string {
  const isList = native?.endsWith('[]') ?? false;
  if (isList && Array.isArray(value)) return quoteText(dialect, listText(value));
  if (isList && typeof value === 'string') return quoteText(dialect, value);
  return value === null ? 'NULL' : LITERALS[kind](dialect, value);
}

/** A list as PostgreSQL reads it: `{"a","b \"c\""}`. See https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function listText(members: readonly unknown[]): string {
  return `{${members.map(memberText).join(',')}}`;
}

function memberText(member: unknown): string {
  if (member === null) return 'NULL';
  if (Array.isArray(member)) return listText(member);
  if (typeof member === 'number' || typeof member === 'bigint' || typeof member === 'boolean') return String(member);
  const text =
    typeof member === 'string' ? member : member instanceof Date ? member.toISOString() : JSON.stringify(member);
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** A moment without a zone is in UTC. */
function zoned(text: string): string {
  return /(z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}${text.includes(':') ? 'Z' : ''}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
