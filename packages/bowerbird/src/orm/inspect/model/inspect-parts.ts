import { isFullText, type CatalogForeignKey, type CatalogIndex, type CatalogTable } from '../../catalog/catalog.js';
import { type Dialect, type ForeignKeyRules, type PairKeyRules } from '../../describe/entity-description.js';
import { defaultNames } from '../../migrations/schema/names.js';
import { declaredRules, isDeclarable } from './declared-index.js';
import { isValuesCheck } from './inspect-columns.js';
import { type InspectedCheck, type InspectedSet } from './inspected.js';
import { type PropertyPlan } from './property-plan.js';
import { indexOn, type PairTable } from './table-selection.js';

/** Unique sets, indexes and checks of an entity, and those indexes that only SQL can make. */
export interface InspectedParts {
  readonly uniques: readonly InspectedSet[];
  readonly indexes: readonly InspectedSet[];
  readonly special: readonly CatalogIndex[];
  readonly checks: readonly InspectedCheck[];
  readonly exclusions: readonly InspectedCheck[];
}

/** The parts of a table that an entity declares. Unnamed ones of SQLite get the names that TypeORM gives. */
export function inspectParts(
  table: CatalogTable,
  { columns, references }: PropertyPlan,
  dialect: Dialect,
): InspectedParts {
  const pathOf = (name: string): string =>
    columns.get(name) ?? references.find(({ key }) => key.columns.length === 1 && key.columns[0] === name)!.property;
  const set = (name: string, names: readonly string[]) => ({ name, columns: names, paths: names.map(pathOf) });
  const plain = table.indexes.filter((index) => index.plain || isFullText(index));
  const unique = plain.filter((index) => index.unique && index.where === undefined);
  const sets = [...table.uniques, ...unique.map((index) => ({ name: index.name, columns: columnsOf(index) }))];
  return {
    uniques: distinct(sets).map(({ name, columns: names }) => set(name, names)),
    indexes: plain
      .filter((index) => !unique.includes(index) && !isImplied(index, table, dialect))
      .map(({ name, where, ...index }) => ({
        ...set(name, columnsOf(index)),
        ...(where !== undefined && { where }),
        ...(index.unique && { unique: true }),
        ...(isFullText(index) && { fullText: true as const }),
      }))
      .concat(
        table.indexes.filter(isDeclarable).map((index) => ({
          ...set(
            index.name,
            index.parts.flatMap(({ column }) => column ?? []),
          ),
          ...(index.where !== undefined && { where: index.where }),
          rules: declaredRules(index),
        })),
      ),
    special: table.indexes.filter((index) => !index.plain && !isFullText(index) && !isDeclarable(index)),
    checks: table.checks.filter((check) => !table.columns.some((column) => isValuesCheck(check, table, column))),
    exclusions: table.remarks.flatMap(exclusionOf),
  };
}

/** The catalog tells of exclusion constraints in words; no other remark reads so. */
export function exclusionOf(remark: string): InspectedCheck[] {
  const [, name, expression] = /^constraint (.+?): EXCLUDE (.*)$/s.exec(remark) ?? [];
  return name !== undefined && expression !== undefined ? [{ name, expression }] : [];
}

/** InnoDB makes an index of this name for a foreign key that has none. */
function isImplied({ name, unique }: CatalogIndex, { foreignKeys }: CatalogTable, dialect: Dialect): boolean {
  return dialect === 'mysql' && !unique && foreignKeys.some((key) => key.name === name);
}

function columnsOf({ parts }: Pick<CatalogIndex, 'parts'>): readonly string[] {
  return parts.map(({ column }) => column!);
}

function distinct<T extends { readonly columns: readonly string[] }>(sets: readonly T[]): readonly T[] {
  return sets.filter((one, index) => sets.findIndex((other) => sameColumns(one, other)) === index);
}

function sameColumns(
  one: { readonly columns: readonly string[] },
  other: { readonly columns: readonly string[] },
): boolean {
  return one.columns.join('\0') === other.columns.join('\0');
}

/** What is not usual about the foreign key of a reference. */
export function foreignKeyRules(table: CatalogTable, key: CatalogForeignKey, dialect: Dialect): ForeignKeyRules {
  const covered = keysOf(table, dialect).some((columns) => startsWith(columns, key.columns));
  return {
    ...nameOf(table, key),
    ...(key.onUpdate !== 'no-action' && !isUsualRefusal(key.onUpdate, dialect) && { onUpdate: key.onUpdate }),
    ...(key.deferrable !== false && { deferrable: key.deferrable }),
    ...(!covered && { index: false }),
  };
}

function nameOf({ name: table }: CatalogTable, { name, columns }: CatalogForeignKey): { readonly name?: string } {
  return name === '' || name === defaultNames.foreignKey(table, columns) ? {} : { name };
}

/** What MariaDB says of keys for which nothing was said. */
function isUsualRefusal(action: CatalogForeignKey['onDelete'], dialect: Dialect): boolean {
  return dialect === 'mysql' && action === 'protect';
}

/** What is not usual about the two foreign keys of a table of pairs. */
export function pairRules({ table, from, to }: PairTable): {
  readonly fromKey: PairKeyRules;
  readonly toKey: PairKeyRules;
} {
  const rules = (key: CatalogForeignKey): PairKeyRules => {
    const index = table.indexes.find((each) => indexOn(each, key));
    return {
      ...nameOf(table, key),
      ...(key.onDelete !== 'cascade' && { onDelete: key.onDelete }),
      ...(key.onUpdate !== 'cascade' && { onUpdate: key.onUpdate }),
      ...(key.deferrable !== false && { deferrable: key.deferrable }),
      index: index?.name ?? false,
    };
  };
  return { fromKey: rules(from), toKey: rules(to) };
}

function keysOf(table: CatalogTable, dialect: Dialect): readonly (readonly string[])[] {
  const { primaryKey, uniques, indexes } = table;
  const usual = indexes.filter(
    (index) => index.plain && index.where === undefined && !isImplied(index, table, dialect),
  );
  const keys = [...(primaryKey ? [primaryKey] : []), ...uniques].map(({ columns }) => columns);
  return [...keys, ...usual.map(columnsOf)];
}

function startsWith(columns: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => columns[index] === name);
}
