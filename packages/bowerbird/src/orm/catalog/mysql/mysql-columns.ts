import { quoteText } from '../../migrations/schema/literals.js';
import { type CatalogColumn, type CatalogGenerated } from '../catalog.js';
import { parseType, quotedValues } from '../types.js';

/** A row of the query for columns. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: 'YES' | 'NO';
  readonly default: string | null;
  readonly extra: string;
  readonly expression: string | null;
  readonly collation: string | null;
  readonly comment: string;
}

/** What must be known to read a column. */
export interface ColumnContext {
  readonly maria: boolean;
  readonly prefix: string;
  /** Whether its values are JSON. */
  readonly json: boolean;
  /** Collation of the table. */
  readonly collation: string | null;
}

/** MariaDB keeps JSON as text with a check of this form, named after the column. */
export function isJson(
  { name, type }: Pick<ColumnRow, 'name' | 'type'>,
  checks: readonly { readonly name: string; readonly expression: string }[],
): boolean {
  const check = checks.find((each) => each.name === name);
  return type === 'longtext' && check?.expression === `json_valid(\`${name.replaceAll('`', '``')}\`)`;
}

/** One column of a table or view. */
export function mysqlColumn(row: ColumnRow, context: ColumnContext): CatalogColumn {
  const { name, type, extra, expression, comment, collation } = row;
  const written = parseType(context.json ? 'json' : type);
  const values = /^(enum|set)\(/i.test(type) ? quotedValues(type) : undefined;
  const onUpdate = /on update (.*)$/i.exec(extra)?.[1];
  const generated = generatedBy(extra);
  const computed = generated === 'stored' || generated === 'virtual';
  return {
    name,
    type: values ? { ...written, values } : written,
    nullable: row.nullable === 'YES',
    default: computed ? null : defaultOf(row, context),
    generated,
    ...(computed && { expression: (expression ?? '').replaceAll(context.prefix, '') }),
    ...(onUpdate !== undefined && { onUpdate }),
    ...(collation !== null && !context.json && collation !== context.collation && { collation }),
    comment,
  };
}

function generatedBy(extra: string): CatalogGenerated {
  if (/auto_increment/i.test(extra)) return 'increment';
  if (/virtual generated/i.test(extra)) return 'virtual';
  return /stored generated|persistent/i.test(extra) ? 'stored' : false;
}

/** MariaDB writes a default as SQL, and NULL for none; MySQL writes the bare value unless it is an expression. */
function defaultOf({ default: given, extra, type }: ColumnRow, { maria }: ColumnContext): string | null {
  if (given === null) return null;
  if (maria) return given === 'NULL' ? null : given;
  if (/DEFAULT_GENERATED/i.test(extra) || /^current_timestamp/i.test(given) || given.startsWith("b'")) return given;
  return /^(tiny|small|medium|big)?int|^(decimal|float|double|year)/i.test(type) ? given : quoteText('mysql', given);
}
