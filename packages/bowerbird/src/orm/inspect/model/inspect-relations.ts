import { type CatalogForeignKey, type CatalogTable } from '../../catalog/catalog.js';
import { wholeTable, wholeTarget } from '../../catalog/whole-names.js';
import { type Dialect } from '../../describe/entity-description.js';
import { foreignKeyRules, pairRules } from './inspect-parts.js';
import {
  type InspectedEntity,
  type InspectedInverse,
  type InspectedJoin,
  type InspectedPairs,
  type InspectedReference,
} from './inspected.js';
import { lowerFirst } from './lower-first.js';
import { className, pluralName, referenceName } from './names.js';
import { type PlannedReference, type PropertyPlan } from './property-plan.js';
import { type PairTable } from './table-selection.js';

/** What relates one entity to others. */
export type EntityRelations = Pick<InspectedEntity, 'references' | 'pairs' | 'inverses'>;

/** What is known of all tables. */
export interface RelationSources {
  readonly dialect: Dialect;
  /** Class of each table; here and below tables go by their whole names. */
  readonly classes: ReadonlyMap<string, string>;
  readonly plans: ReadonlyMap<string, PropertyPlan>;
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly pairs: readonly PairTable[];
}

type Collected = { readonly [K in keyof EntityRelations]: EntityRelations[K][number][] };

/** The relations of all entities, both sides of each, by table. */
export function inspectRelations(sources: RelationSources): ReadonlyMap<string, EntityRelations> {
  const found = new Map<string, Collected>(
    [...sources.plans.keys()].map((table) => [table, { references: [], pairs: [], inverses: [] }]),
  );
  for (const [table, plan] of sources.plans) {
    const usual = ({ property, target }: PlannedReference) =>
      property === lowerFirst(sources.classes.get(wholeTable(target))!);
    const order = [...plan.references.filter(usual), ...plan.references.filter((reference) => !usual(reference))];
    for (const planned of order) addReference(sources.tables.get(table)!, planned, sources, found);
  }
  for (const pair of sources.pairs) addPairs(pair, sources, found);
  return found;
}

function addReference(
  table: CatalogTable,
  { key, target, property }: PlannedReference,
  { dialect, classes, plans }: RelationSources,
  found: ReadonlyMap<string, Collected>,
): void {
  const [from, to] = [wholeTable(table), wholeTable(target)];
  const kind = isAlone(table, key, plans.get(from)!) ? 'one-to-one' : 'many-to-one';
  const [own, other] = [classes.get(from)!, classes.get(to)!];
  const inverse = plans.get(to)!.pool.take(...inverseNames(own, property, own === other, kind));
  const reference: InspectedReference = {
    property,
    kind,
    target: other,
    inverse,
    columns: joinsOf(key, plans.get(to)!),
    nullable: key.columns.some((name) => isNullable(table, name)),
    onDelete: key.onDelete,
    ...foreignKeyRules(table, key, dialect),
  };
  const back: InspectedInverse = {
    property: inverse,
    kind: kind === 'one-to-one' ? kind : 'one-to-many',
    target: own,
    of: property,
  };
  found.get(from)!.references.push(reference);
  found.get(to)!.inverses.push(back);
}

function addPairs(
  pair: PairTable,
  { dialect, classes, plans }: RelationSources,
  found: ReadonlyMap<string, Collected>,
): void {
  const { table, from, to } = pair;
  const [owner, target] = [wholeTarget(from), wholeTarget(to)];
  const [own, other] = [classes.get(owner)!, classes.get(target)!];
  const { fromKey, toKey } = pairRules(pair);
  const property = plans.get(owner)!.pool.take(...pairNames(to, other, own === other, table));
  const inverse = plans.get(target)!.pool.take(...pairNames(from, own, own === other, table));
  const pairs: InspectedPairs = {
    property,
    target: other,
    inverse,
    table: table.name,
    ...(table.schema !== from.schema && { schema: table.schema }),
    from: joinsOf(from, plans.get(owner)!),
    to: joinsOf(to, plans.get(target)!),
    ...(dialect === 'postgres' && { primaryKey: table.primaryKey!.name }),
    fromKey,
    toKey,
  };
  found.get(owner)!.pairs.push(pairs);
  found.get(target)!.inverses.push({ property: inverse, kind: 'many-to-many', target: own, of: property, key: toKey });
}

/**
 * Whether no two rows can have the same reference: it is the key, or its column is unique. TypeORM makes such a set by
 * itself, and one of another name only fits beside it where the column has no property of its own.
 */
function isAlone(
  { primaryKey, uniques, indexes }: CatalogTable,
  { columns }: CatalogForeignKey,
  plan: PropertyPlan,
): boolean {
  const [only] = columns;
  if (primaryKey && [...primaryKey.columns].sort().join('\0') === [...columns].sort().join('\0')) return true;
  if (columns.length > 1 || plan.columns.has(only!)) return false;
  const plain = indexes.filter((index) => index.unique && index.plain && index.where === undefined);
  const sets = [...uniques.map((set) => set.columns), ...plain.map(({ parts }) => parts.map(({ column }) => column))];
  return sets.some(([first, ...rest]) => first === only && rest.length === 0);
}

/** On the target: `films`, or `filmsByOriginalLanguage` where that is taken. */
function inverseNames(
  own: string,
  property: string,
  self: boolean,
  kind: InspectedReference['kind'],
): readonly string[] {
  const name = lowerFirst(own);
  const plain = kind === 'one-to-one' ? name : pluralName(name);
  const exact = `${plain}By${className(property)}`;
  if (self) return property === 'parent' && kind === 'many-to-one' ? ['children', exact] : [exact];
  return [plain, exact];
}

/** Many targets: `actors`; in a table of pairs of one entity with itself by the column: `followers`. */
function pairNames(key: CatalogForeignKey, target: string, self: boolean, table: CatalogTable): readonly string[] {
  const plain = pluralName(lowerFirst(target));
  const byColumn = pluralName(referenceName(key.columns[0]!) ?? lowerFirst(target));
  return self ? [byColumn, plain] : [plain, byColumn, `${plain}By${className(table.name)}`];
}

function joinsOf({ columns, references }: CatalogForeignKey, target: PropertyPlan): readonly InspectedJoin[] {
  return columns.map((column, index) => ({ column, references: target.columns.get(references[index]!)! }));
}

function isNullable({ columns, primaryKey }: CatalogTable, name: string): boolean {
  const column = columns.find((each) => each.name === name);
  return column?.nullable === true && !primaryKey?.columns.includes(name);
}
