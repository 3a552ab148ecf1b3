import { type Catalog, type CatalogTable } from '../../catalog/catalog.js';
import { quoteName } from '../../migrations/schema/literals.js';
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
    ...catalog.skipped.map(({ name, reason }) => `"${name}" is left out: ${reason}`),
  ];
}

/** Foreign keys that lead to something that is not inspected: their columns are there, the relation is not. */
function lostKeys({ name, foreignKeys }: CatalogTable, entities: readonly InspectedEntity[]): readonly string[] {
  const known = new Set(entities.map(({ table }) => table.name));
  return foreignKeys
    .filter(({ schema, table }) => schema !== undefined || !known.has(table))
    .map(({ columns, schema, table }) => {
      const target = schema === undefined ? table : `${schema}.${table}`;
      return `"${name}" (${columns.join(', ')}) refers to "${target}", which is not inspected: plain columns, without a relation`;
    });
}

function remarksOf({ name, triggers, remarks }: CatalogTable): readonly string[] {
  return [
    ...(triggers.length > 0 ? [`"${name}" has triggers that no migration makes: ${triggers.join(', ')}`] : []),
    ...remarks
      .filter((remark) => exclusionOf(remark).length === 0)
      .map((remark) => `"${name}": ${remark}, which no migration makes`),
  ];
}

/** PostgreSQL drops a unique constraint and a unique index by different words; migrations know the first. */
function looseSets({ name, indexes }: CatalogTable): readonly string[] {
  const sets = indexes.filter(({ unique, plain, where }) => unique && plain && where === undefined);
  return sets.map((index) => {
    const [table, set] = [quoteName('postgres', name), quoteName('postgres', index.name)];
    const statement = `ALTER TABLE ${table} ADD CONSTRAINT ${set} UNIQUE USING INDEX ${set}`;
    return `"${index.name}" is a unique index; before a migration can drop it, make it a constraint: ${statement}`;
  });
}
