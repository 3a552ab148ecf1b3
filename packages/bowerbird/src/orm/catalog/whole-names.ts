import { wholeName } from '../migrations/schema/table-name.js';
import { type CatalogForeignKey, type CatalogTable } from './catalog.js';

/** The whole name of a table, or of a view. */
export function wholeTable({ name, schema }: Pick<CatalogTable, 'name' | 'schema'>): string {
  return wholeName(name, schema);
}

/** The whole name of the table that a foreign key leads to. */
export function wholeTarget({ table, schema }: Pick<CatalogForeignKey, 'table' | 'schema'>): string {
  return wholeName(table, schema);
}
