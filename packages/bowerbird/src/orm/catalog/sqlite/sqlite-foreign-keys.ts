import { actionOf } from '../actions.js';
import { type CatalogForeignKey } from '../catalog.js';
import { groupBy } from '../group-rows.js';
import { type TableSql } from './table-sql.js';

/** One column of a foreign key. */
export interface ForeignKeyRow {
  readonly table: string;
  readonly id: number;
  readonly seq: number;
  readonly target: string;
  readonly column: string;
  /** Null where the primary key is meant. */
  readonly reference: string | null;
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** The foreign keys of one table, in the order in which they are written. */
export function sqliteForeignKeys(
  rows: readonly ForeignKeyRow[],
  { foreignKeys: written }: TableSql,
  keyOf: (table: string) => readonly string[],
): readonly CatalogForeignKey[] {
  const left = [...written];
  return [...groupBy(rows, ({ id }) => String(id)).values()].map((parts) => {
    const { target, onDelete, onUpdate } = parts[0]!;
    const columns = parts.map(({ column }) => column);
    const at = left.findIndex((each) => sameNames(each.columns, columns));
    const [text] = at < 0 ? [] : left.splice(at, 1);
    return {
      name: text?.name ?? '',
      columns,
      table: target,
      references: parts.map(({ reference, seq }) => reference ?? keyOf(target)[seq] ?? ''),
      onDelete: actionOf(onDelete),
      onUpdate: actionOf(onUpdate),
      deferrable: text?.deferrable ?? false,
    };
  });
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return (
    left.length === right.length && left.every((name, index) => name.toLowerCase() === right[index]!.toLowerCase())
  );
}
