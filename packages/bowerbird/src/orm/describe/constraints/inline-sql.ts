import { QueryUsageError } from '../../query/query.errors.js';
import { type Sql } from '../../query/sql/sql.js';
import { type Dialect } from '../entity-description.js';

/** The text of SQL with its values written out, as definitions of tables need it: they take no parameters. */
export function inlineSql({ texts, values }: Sql, dialect: Dialect): string {
  return texts.map((text, index) => (index === 0 ? text : `${literal(values[index - 1], dialect)}${text}`)).join('');
}

/** @throws QueryUsageError for what has no literal */
function literal(value: unknown, dialect: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  if (typeof value === 'string') return quoted(value, dialect);
  if (value instanceof Date) return moment(value, dialect);
  if (value instanceof Uint8Array) return bytes(value, dialect);
  throw new QueryUsageError(`A constraint cannot hold this value: ${JSON.stringify(value)}`);
}

/** A backslash is an escape in MySQL alone. */
function quoted(text: string, dialect: Dialect): string {
  const escaped = text.replaceAll("'", "''");
  return `'${dialect === 'mysql' ? escaped.replaceAll('\\', '\\\\') : escaped}'`;
}

function moment(value: Date, dialect: Dialect): string {
  const text = value.toISOString().replace('T', ' ').replace('Z', '');
  return dialect === 'postgres' ? `'${text}+00'` : `'${text}'`;
}

function bytes(value: Uint8Array, dialect: Dialect): string {
  const hex = Buffer.from(value).toString('hex');
  return dialect === 'postgres' ? `'\\x${hex}'` : `x'${hex}'`;
}
