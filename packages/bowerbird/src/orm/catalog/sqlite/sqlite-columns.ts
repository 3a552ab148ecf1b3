import { type CatalogColumn, type CatalogGenerated } from '../catalog.js';
import { parseType } from '../types.js';
import { type TableSql } from './table-sql.js';

/** A row of pragma table_xinfo. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  /** Place in the primary key, from 1; 0 outside of it. */
  readonly pk: number;
  /** 2 for virtual and 3 for stored computed columns. */
  readonly hidden: number;
}

const COMPUTED: Readonly<Record<number, CatalogGenerated>> = { 2: 'virtual', 3: 'stored' };

/**
 * One column of a table or view. `counts` says that its key, when it is an integer, is the row number. A key column may
 * hold NULL in SQLite unless it says otherwise, but nobody means that.
 */
export function sqliteColumn(row: ColumnRow, written: TableSql, counts: boolean): CatalogColumn {
  const { name, notnull, dflt_value: value, pk, hidden } = row;
  const type = row.type.replace(/ ?GENERATED ALWAYS$/i, '');
  const computed = COMPUTED[hidden];
  const expression = written.expressions.get(name);
  const collation = written.collations.get(name);
  const increments = counts && pk === 1 && /^integer$/i.test(type);
  return {
    name,
    type: parseType(type),
    nullable: notnull === 0 && pk === 0,
    default: value === null || /^null$/i.test(value) ? null : value,
    generated: computed ?? (increments ? 'increment' : false),
    ...(computed && expression !== undefined && { expression }),
    ...(collation !== undefined && { collation }),
    comment: '',
  };
}
