import { type CatalogTable } from '../../catalog/catalog.js';
import { wholeTable } from '../../catalog/whole-names.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type TableMap, type TableSchema } from '../schema/table-schema.js';
import { compareColumns } from './compare-columns.js';
import { compareParts } from './compare-parts.js';
import { type Difference } from './difference.js';

/** In what the tables of a database are not those of the migrations. Tables that no migration knows are left out. */
export function compareTables(
  expected: TableMap,
  found: readonly CatalogTable[],
  editor: SchemaEditor,
): readonly Difference[] {
  return [...expected.values()].flatMap((table): readonly Difference[] => {
    const live = found.find((each) => wholeTable(each) === table.name);
    const missing: Difference = {
      table: table.name,
      subject: 'table',
      name: table.name,
      state: 'missing',
      details: '',
    };
    return live ? compareTable(table, live, editor) : [missing];
  });
}

/** In what one table is not what the migrations say. */
export function compareTable(expected: TableSchema, found: CatalogTable, editor: SchemaEditor): readonly Difference[] {
  return [
    ...compareComment(expected, found, editor),
    ...compareColumns(expected, found, editor),
    ...compareParts(expected, found, editor),
  ];
}

function compareComment(
  { name, comment = '' }: TableSchema,
  found: CatalogTable,
  { dialect }: SchemaEditor,
): readonly Difference[] {
  if (dialect === 'sqlite' || found.comment === comment) return [];
  const details = `comment is ${found.comment || 'not there'}, the migrations say ${comment || 'none'}`;
  return [{ table: name, subject: 'table', name, state: 'different', details }];
}
