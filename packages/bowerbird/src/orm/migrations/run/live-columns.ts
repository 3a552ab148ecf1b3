import { type Dialect } from '../../describe/entity-description.js';
import { columnTypeText } from '../schema/column-types.js';
import { type ColumnSchema, type TableSchema } from '../schema/table-schema.js';
import { type MigrationSession } from './session.js';

/** A column as the database has it. */
export interface LiveColumn {
  readonly name: string;
  /** In the words of {@link comparableType}. */
  readonly type: string;
  readonly nullable: boolean;
  readonly key: boolean;
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean | number | string;
  readonly key_part: boolean | number | string;
}

/** Each gives the columns of one table: name, type, whether it may be empty, whether it is a part of the key. */
const QUERIES: Readonly<Record<Dialect, string>> = {
  sqlite: `SELECT name, type, "notnull" = 0 AS nullable, pk > 0 AS key_part FROM pragma_table_xinfo(?)`,
  postgres: `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
      EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key_part
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(quote_ident(?)) AND a.attnum > 0 AND NOT a.attisdropped`,
  mysql: `SELECT column_name AS name, column_type AS type, is_nullable = 'YES' AS nullable, column_key = 'PRI' AS key_part
    FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?`,
};

/** The columns of a table as the database has them. */
export async function liveColumns(session: MigrationSession, table: string): Promise<readonly LiveColumn[]> {
  const rows = await session.query<Row>(QUERIES[session.dialect], [table]);
  return rows.map(({ name, type, nullable, key_part: key }) => {
    const isKey = isTrue(key);
    return { name, type: comparableType(session.dialect, type), nullable: isTrue(nullable) && !isKey, key: isKey };
  });
}

/** What a table has other than it should: one line for each column; none when they match. */
export function columnDifferences(
  dialect: Dialect,
  wanted: TableSchema,
  found: readonly LiveColumn[],
): readonly string[] {
  const key = wanted.primaryKey?.columns ?? [];
  const missing = wanted.columns.flatMap((column) => {
    const live = found.find(({ name }) => name === column.name);
    if (!live) return [`${wanted.name} has no column "${column.name}"`];
    const [is, should] = [describeLive(live, column), describeWanted(dialect, column, key.includes(column.name))];
    return is === should ? [] : [`${wanted.name}.${column.name} is ${is} and should be ${should}`];
  });
  const surplus = found.filter(({ name }) => !wanted.columns.some((column) => column.name === name));
  return [...missing, ...surplus.map(({ name }) => `${wanted.name} has a column "${name}" that nothing asks for`)];
}

function describeLive({ type, nullable, key }: LiveColumn, { type: { native } }: ColumnSchema): string {
  return rules(native ?? type, nullable, key);
}

function describeWanted(dialect: Dialect, { type, nullable }: ColumnSchema, key: boolean): string {
  const text = type.native ?? comparableType(dialect, columnTypeText(dialect, type));
  return rules(text, nullable && !key, key);
}

function rules(type: string, nullable: boolean, key: boolean): string {
  return `${type}${nullable ? '' : ' not null'}${key ? ' key' : ''}`;
}

type Rewrite = readonly [pattern: RegExp, text: string];

/** One word for types that a database shows otherwise than they were written; SQLite does not heed lengths at all. */
const REWRITES: Readonly<Record<Dialect, readonly Rewrite[]>> = {
  sqlite: [[/\(.*\)/, '']],
  postgres: [
    [/^character varying/, 'varchar'],
    [/^timestamp(\(\d\))? with time zone$/, 'timestamptz$1'],
    [/^time without time zone$/, 'time'],
  ],
  mysql: [
    [/^(int|bigint|smallint)\(\d+\)/, '$1'],
    [/^json$/, 'longtext'],
  ],
};

function comparableType(dialect: Dialect, type: string): string {
  const plain = type.toLowerCase().replace(/,\s+/g, ',');
  return REWRITES[dialect].reduce((text, [pattern, word]) => text.replace(pattern, word), plain);
}

function isTrue(value: boolean | number | string): boolean {
  return value === true || Number(value) === 1;
}
