import { type Dialect } from '../../describe/entity-description.js';
import { quoteName } from './literals.js';

/** A table by its own name, and by its schema where that is another than the one of its connection. */
export interface TableName {
  readonly table: string;
  readonly schema?: string;
}

/** What stands for a name: itself, in double quotes where it could be taken for something else. */
const PART = '"(?:[^"]|"")*"|[^".][^.]*';
const WHOLE = new RegExp(`^(?:(${PART})\\.)?(${PART}|)$`, 's');

/**
 * The one text that stands for a table wherever tables are compared: `invoice`, or `sales.invoice` in another schema than that
 * of the connection. No two tables have the same.
 */
export function wholeName(table: string, schema?: string): string {
  return schema === undefined ? part(table) : `${part(schema)}.${part(table)}`;
}

/** What such a text stands for. */
export function tableNameOf(whole: string): TableName {
  const [, schema, table = whole] = WHOLE.exec(whole) ?? [];
  return { table: bare(table), ...(schema !== undefined && { schema: bare(schema) }) };
}

/** A table as it stands in statements: `"sales"."invoice"`. */
export function quotedTable(dialect: Dialect, whole: string): string {
  const { table, schema } = tableNameOf(whole);
  const name = quoteName(dialect, table);
  return schema === undefined ? name : `${quoteName(dialect, schema)}.${name}`;
}

function part(name: string): string {
  return name.includes('.') || name.startsWith('"') ? `"${name.replaceAll('"', '""')}"` : name;
}

function bare(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
