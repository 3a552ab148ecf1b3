import { type Catalog, type CatalogTable } from '../../catalog/catalog.js';
import { wholeTable, wholeTarget } from '../../catalog/whole-names.js';
import { quoteName } from '../../migrations/schema/literals.js';
import { quotedTable } from '../../migrations/schema/table-name.js';
import { exclusionOf } from './inspect-parts.js';
import { type InspectedEntity } from './inspected.js';

/** What the written files do not say or say otherwise, one line each. */
export function notesOf(catalog: Catalog, entities: readonly InspectedEntity[]): readonly string[] {
  return [
    ...entities.flatMap(({ name, remarks }) => remarks.map((remark) => `${name}: ${remark}`)),
    ...entities.flatMap(({ name, columns }) =>
      columns.flatMap(({ property, remarks }) => remarks.map((remark) => `${name}.${property}: ${remark}`)),
    ),
    ...catalog.tables.flatMap((table) => [...lostKeys(table, entities), ...remarksOf(table)]),
    ...(catalog.dialect === 'postgres' ? catalog.tables.flatMap(looseSets) : []),
    ...catalog.skipped.map(({ reason, ...place }) => `"${wholeTable(place)}" is left out: ${reason}`),
  ];
}

/** Foreign keys that lead to something that is not inspected: their columns are there, the relation is not. */
function lostKeys(table: CatalogTable, entities: readonly InspectedEntity[]): readonly string[] {
  const known = new Set(entities.map((entity) => wholeTable(entity.table)));
  return table.foreignKeys
    .filter((key) => !known.has(wholeTarget(key)))
    .map((key) => {
      const columns = key.columns.join(', ');
      return `"${wholeTable(table)}" (${columns}) refers to "${wholeTarget(key)}", which is not inspected: plain columns, without a relation`;
    });
}

function remarksOf({ triggers, remarks, ...table }: CatalogTable): readonly string[] {
  const name = wholeTable(table);
  return [
    ...(triggers.length > 0 ? [`"${name}" has triggers that no migration makes: ${triggers.join(', ')}`] : []),
    ...remarks
      .filter((remark) => exclusionOf(remark).length === 0)
      .map((remark) => `"${name}": ${remark}, which no migration makes`),
  ];
}

/** PostgreSQL drops a unique constraint and a unique index by different words; migrations know the first. */
function looseSets({ indexes, ...place }: CatalogTable): readonly string[] {
  const sets = indexes.filter(({ unique, plain, where }) => unique && plain && where === undefined);
  return sets.map((index) => {
    const [table, set] = [quotedTable('postgres', wholeTable(place)), quoteName('postgres', index.name)];
    const statement = `ALTER TABLE ${table} ADD CONSTRAINT ${set} UNIQUE USING INDEX ${set}`;
    return `"${index.name}" is a unique index; before a migration can drop it, make it a constraint: ${statement}`;
  });
}
