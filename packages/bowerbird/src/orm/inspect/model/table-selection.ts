import { type Catalog, type CatalogForeignKey, type CatalogTable } from '../../catalog/catalog.js';
import { wholeTable, wholeTarget } from '../../catalog/whole-names.js';

/** Which tables become entities, and which are only the pairs of a many-to-many relation. */
export interface TableSelection {
  readonly entities: readonly CatalogTable[];
  readonly pairs: readonly PairTable[];
}

/** A table that is nothing but two references. */
export interface PairTable {
  readonly table: CatalogTable;
  readonly from: CatalogForeignKey;
  readonly to: CatalogForeignKey;
}

/** Sorts tables into entities and tables of pairs. */
export function selectTables(tables: Catalog['tables']): TableSelection {
  const names = new Set(tables.map(wholeTable));
  const referred = new Set(tables.flatMap(({ foreignKeys }) => foreignKeys.map(wholeTarget)));
  const candidates = tables.flatMap((table) => (referred.has(wholeTable(table)) ? [] : pairTable(table)));
  const isPair = (name: string): boolean => candidates.some((pair) => wholeTable(pair.table) === name);
  const pairs = candidates.filter(({ from, to }) =>
    [from, to].map(wholeTarget).every((target) => names.has(target) && !isPair(target)),
  );
  return { pairs, entities: tables.filter((table) => !pairs.some((pair) => pair.table === table)) };
}

/** Two foreign keys, no other column, all columns together the key, and nothing that guards them besides. */
function pairTable(table: CatalogTable): PairTable[] {
  const { foreignKeys, primaryKey, columns, uniques, checks, triggers, remarks } = table;
  const [first, second, third] = foreignKeys;
  if (!first || !second || third || !primaryKey) return [];
  const ends = [first, second].sort(
    (left, right) => position(primaryKey.columns, left) - position(primaryKey.columns, right),
  );
  const own = ends.flatMap((key) => key.columns);
  const exact = own.length === columns.length && own.join('\0') === primaryKey.columns.join('\0');
  const bare = columns.every(
    (column) => column.default === null && column.generated === false && column.comment === '',
  );
  const alone = uniques.length === 0 && checks.length === 0 && triggers.length === 0 && remarks.length === 0;
  const indexed = table.indexes.every((index) => ends.some((key) => indexOn(index, key)));
  // Beside its entity, or in a schema that can be named: that of the connection has no name in an entity.
  const placed = table.schema !== undefined || ends[0]!.schema === undefined;
  if (!exact || !bare || !alone || !indexed || !placed) return [];
  return [{ table, from: ends[0]!, to: ends[1]! }];
}

/** Whether an index is on the columns of a foreign key and nothing else. */
export function indexOn(index: CatalogTable['indexes'][number], { columns }: CatalogForeignKey): boolean {
  const { plain, unique, where, parts } = index;
  return plain && !unique && where === undefined && parts.map(({ column }) => column).join('\0') === columns.join('\0');
}

function position(columns: readonly string[], key: CatalogForeignKey): number {
  return columns.indexOf(key.columns[0]!);
}
