import { rawKeyText } from '../content-types/generic-key.js';
import { keyChunks, type RawKey } from '../query/compile/keys.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine, type RawRow } from '../query/query-engine.js';
import { type EntityColumns } from './entity-columns.js';
import { keyName } from './key-name.js';
import { loadLevel } from './load-level.js';
import { loadTargets } from './prefetch-targets.js';
import { laterTrees, type LaterTrees, type RelationTree } from './relation-tree.js';
import { setRelated } from './row-mapper.js';
import { ownColumns } from './select-entity.js';
import { hasRelation } from './subclasses.js';

/** An entity, the raw row that it was made of, and where its columns are in there. */
export interface LoadedRow {
  readonly entity: object;
  readonly row: RawRow;
}

/** An entity that gets related rows. */
export interface Owner {
  readonly entity: object;
  /** The values by which its related rows are found, as the driver takes them. */
  readonly key: RawKey;
  /** Equal to that of the related rows. */
  readonly name: string;
}

/** The name of a key that came with a related row. */
export type KeyNaming = (key: RawKey, relation: RelationModel) => string;

/**
 * Loads related rows of entities: one statement for each relation (in chunks of 5,000 keys), matched by a map, then the
 * same for what is below.
 */
export async function prefetch(
  engine: QueryEngine,
  loaded: readonly LoadedRow[],
  columns: EntityColumns,
  { relations, targets }: LaterTrees,
): Promise<void> {
  for (const tree of relations) {
    const { relation, request, below } = tree;
    const joined = request.query ? undefined : columns.related.find((related) => related.relation === relation);
    if (joined)
      await prefetch(engine, joinedRows(loaded, relation), joined.columns, laterTrees(relation.target, below));
    else await loadFor(engine, ownersOf(loaded, columns, relation), tree);
  }
  for (const tree of targets) {
    const [type, key] = [tree.reference.type, tree.reference.key].map((column) => columns.aliases.get(column)!);
    const references = loaded.map(({ entity, row }) => ({ entity, type: row[type!], key: row[key!] }));
    await loadTargets(engine, references, tree);
  }
}

/** Loads one relation of some entities and puts it on them. */
export async function loadFor(
  engine: QueryEngine,
  owners: readonly Owner[],
  tree: RelationTree,
  naming: KeyNaming = keyName,
): Promise<void> {
  const distinct = new Map<string, RawKey>();
  for (const { name, key } of owners) if (!key.includes(null)) distinct.set(name, key);
  const found = new Map<string, object[]>();
  for (const keys of keyChunks([...distinct.values()]))
    for (const { key, entity } of await loadLevel(engine, tree, keys))
      append(found, naming(key, tree.relation), entity);
  for (const { entity, name } of owners) assign(entity, tree, found.get(name) ?? []);
}

/** The rows that the same statement joined. */
function joinedRows(loaded: readonly LoadedRow[], { metadata }: RelationModel): LoadedRow[] {
  return loaded.flatMap(({ entity, row }) => {
    const related = metadata.getEntityValue(entity, true) as object | null | undefined;
    return related ? [{ entity: related, row }] : [];
  });
}

function ownersOf(loaded: readonly LoadedRow[], columns: EntityColumns, relation: RelationModel): Owner[] {
  const aliases = ownColumns(relation).map((column) => columns.aliases.get(column)!);
  const owners = loaded.filter(({ entity }) => hasRelation(entity, relation));
  return owners.map(({ entity, row }) => {
    const held = aliases.map((alias) => row[alias]);
    const key = relation.generic ? [rawKeyText(relation.from.description.primaryKey, held)] : held;
    return { entity, key, name: keyName(key) };
  });
}

function assign(entity: object, { relation, request }: RelationTree, rows: readonly object[]): void {
  const value = relation.many ? [...rows] : (rows[0] ?? null);
  if (request.as) (entity as Record<string, unknown>)[request.as] = value;
  else setRelated(relation, entity, value);
}

function append(groups: Map<string, object[]>, name: string, entity: object): void {
  const group = groups.get(name);
  if (group) group.push(entity);
  else groups.set(name, [entity]);
}
