import { type CatalogColumn, type CatalogForeignKey, type CatalogTable } from '../../catalog/catalog.js';
import { wholeTable, wholeTarget } from '../../catalog/whole-names.js';
import { lowerFirst } from './lower-first.js';
import { NamePool, propertyName, referenceName } from './names.js';

/** A foreign key that becomes a reference, with the table that it leads to and the name of the property. */
export interface PlannedReference {
  readonly key: CatalogForeignKey;
  readonly target: CatalogTable;
  readonly property: string;
}

/** The properties of an entity before they are written: by column, and by foreign key. */
export interface PropertyPlan {
  readonly pool: NamePool;
  /** Properties of the columns that have one of their own. */
  readonly columns: ReadonlyMap<string, string>;
  readonly references: readonly PlannedReference[];
}

/** What must be known of the other tables. */
export interface PlanContext {
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly classes: ReadonlyMap<string, string>;
  /** Columns to which some foreign key refers, by the whole name of their table. */
  readonly referred: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Decides which columns get a property of their own, and how everything is called. */
export function planProperties(table: CatalogTable, context: PlanContext): PropertyPlan {
  const keys = table.foreignKeys.flatMap((key) => {
    const target = context.tables.get(wholeTarget(key));
    return target && isSound(key, target) ? [{ key, target }] : [];
  });
  const own = new Set(
    table.columns.filter((column) => needsProperty(column, table, keys, context)).map(({ name }) => name),
  );
  const pool = new NamePool();
  const references = new Map<CatalogForeignKey, string>();
  const named = keys.filter(
    ({ key }) => key.columns.length === 1 && (!own.has(key.columns[0]!) || referenceName(key.columns[0]!)),
  );
  for (const { key } of named)
    references.set(key, pool.take(referenceName(key.columns[0]!) ?? propertyName(key.columns[0]!)));
  const columns = new Map(
    table.columns.filter(({ name }) => own.has(name)).map(({ name }) => [name, pool.take(propertyName(name))] as const),
  );
  for (const { key } of keys) {
    const target = lowerFirst(context.classes.get(wholeTarget(key))!);
    if (!references.has(key)) references.set(key, pool.take(target, `${target}Of${key.columns.length}`));
  }
  return {
    pool,
    columns,
    references: keys.map(({ key, target }) => ({ key, target, property: references.get(key)! })),
  };
}

/** A foreign key may lead to columns that are not there any more (SQLite does not mind). */
function isSound({ references }: CatalogForeignKey, target: CatalogTable): boolean {
  return references.every((name) => target.columns.some((column) => column.name === name));
}

/** A column that is only a reference needs none; one that is more than its reference would make does. */
function needsProperty(
  column: CatalogColumn,
  table: CatalogTable,
  keys: readonly Pick<PlannedReference, 'key' | 'target'>[],
  { referred }: PlanContext,
): boolean {
  const holding = keys.filter(({ key }) => key.columns.includes(column.name));
  const [only, other] = holding;
  if (!only || other || only.key.columns.length > 1) return true;
  if (table.primaryKey?.columns.includes(column.name)) return true;
  if (referred.get(wholeTable(table))?.has(column.name)) return true;
  const target = only.target.columns.find((each) => each.name === only.key.references[0])!;
  const plain = column.default === null && column.generated === false && column.comment === '' && !column.onUpdate;
  return !plain || comparable(column) !== comparable(target);
}

/** Counters are integers to those who refer to them. */
function comparable({ type }: CatalogColumn): string {
  return type.text.toLowerCase().replace(/^(int|integer)(\(\d+\))?/, 'int');
}
