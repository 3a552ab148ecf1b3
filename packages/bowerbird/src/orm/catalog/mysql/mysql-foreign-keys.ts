import { actionOf } from '../actions.js';
import { type CatalogForeignKey } from '../catalog.js';
import { groupBy } from '../group-rows.js';

/** One column of a foreign key. */
export interface ForeignKeyRow {
  readonly table: string;
  readonly name: string;
  readonly column: string;
  readonly schema: string | null;
  readonly target: string;
  readonly reference: string;
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** The foreign keys of one table. */
export function mysqlForeignKeys(rows: readonly ForeignKeyRow[]): readonly CatalogForeignKey[] {
  return [...groupBy(rows, ({ name }) => name).values()].map((parts) => {
    const { name, schema, target, onDelete, onUpdate } = parts[0]!;
    return {
      name,
      columns: parts.map(({ column }) => column),
      ...(schema !== null && { schema }),
      table: target,
      references: parts.map(({ reference }) => reference),
      onDelete: actionOf(onDelete),
      onUpdate: actionOf(onUpdate),
      deferrable: false,
    };
  });
}
