import { keyFromText, keyText } from '../content-types/generic-key.js';
import { type GenericKind } from '../content-types/generic-kinds.js';
import { UnknownPathError } from '../orm.errors.js';
import { keyChunks, type RawKey } from '../query/compile/keys.js';
import { columnValue } from '../query/lookups/column-value.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { isSliced, unscopedState, type PrefetchRequest, type StatedQuery } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';
import { rowsByKeys } from '../relations/rows-by-keys.js';
import { leadingKey, type TargetTree } from './target-tree.js';

/** A row with what its generic reference says. */
export interface Reference {
  readonly entity: object;
  /** Id of the content type. */
  readonly type: unknown;
  /** The key of the row that it refers to, as text. */
  readonly key: unknown;
}

/**
 * Puts on rows those of any entity that they refer to: by one statement for each kind of row, and one for kinds that are
 * not known yet. A reference to a row that is gone, or whose entity is, becomes null.
 * @throws ContentTypesMissingError, QueryUsageError, UnknownPathError for a path below that none of the kinds has
 */
export async function loadTargets(engine: QueryEngine, references: readonly Reference[], tree: TargetTree) {
  const byType = new Map<number, Reference[]>();
  for (const reference of references) {
    const { entity, type, key } = reference;
    (entity as Record<string, unknown>)[tree.as] = null;
    if (type === null || type === undefined || key === null || key === undefined) continue;
    byType.set(Number(type), [...(byType.get(Number(type)) ?? []), reference]);
  }
  const { model, reference } = tree;
  const kinds = await engine.source.kinds.of([...byType.keys()], `"${reference.path}" of ${model.name}`);
  const models = [...kinds.values()].map((kind) => kind.engine.model(kind.entity));
  for (const { path } of models.length > 0 ? tree.below : []) refuseUnknown(models, path);
  for (const [type, some] of byType) {
    const kind = kinds.get(type);
    const found = kind && (await targetsOf(kind, new Set(some.map(({ key }) => String(key))), tree));
    for (const { entity, key } of some) (entity as Record<string, unknown>)[tree.as] = found?.get(String(key)) ?? null;
  }
}

/** Rows of one kind by the text of their keys, those included that default scopes hide. */
async function targetsOf(
  kind: GenericKind,
  texts: ReadonlySet<string>,
  { queries, below, ...tree }: TargetTree,
): Promise<ReadonlyMap<string, object>> {
  const query = queries.find(({ state }) => state.entity === kind.entity) ?? {
    engine: kind.engine,
    state: { ...unscopedState(kind.entity), order: [] },
  };
  const engine = usableEngine(query, tree);
  const model = engine.model(kind.entity);
  const more = below.filter(({ path }) => hasPath(model, path));
  const state = { ...query.state, prefetch: [...query.state.prefetch, ...more] };
  const keys = [...texts].flatMap((text) => keyOf(model, text));
  const found = new Map<string, object>();
  if (state.empty) return found;
  for (const chunk of keyChunks(keys))
    for (const row of await rowsByKeys(engine, state, chunk)) found.set(keyText(model.description.keyOf(row)), row);
  return found;
}

/** @throws QueryUsageError for a query that cannot be asked for rows by their keys */
function usableEngine({ engine, state }: StatedQuery, { model, reference }: Pick<TargetTree, 'model' | 'reference'>) {
  const whole = state.shape.type === 'entity' && !state.distinct && !state.distinctOn && !state.compound;
  if (whole && !state.lock && !isSliced(state)) return engine as QueryEngine;
  throw new QueryUsageError(
    `The query of ${state.entity.name} that prefetches "${reference.path}" of ${model.name} has values(), slice(), distinct(), a set operation or selectForUpdate()`,
  );
}

/** The key behind a text; none for a text that no key of the entity has. */
function keyOf(model: EntityModel, text: string): readonly RawKey[] {
  try {
    const given = keyFromText(model.description, text);
    const values =
      model.primary.length === 1 ? { [model.primary[0]!.path]: given } : (given as Record<string, unknown>);
    return [model.primary.map((column) => columnValue(column, values[column.path], column.path))];
  } catch {
    return [];
  }
}

function hasPath(model: EntityModel, path: PrefetchRequest['path']): boolean {
  const parts = path.split('.');
  return (
    leadingKey(model, path) !== undefined ||
    parts.some((_, index) => model.relation(parts.slice(0, index + 1).join('.')) !== undefined)
  );
}

function refuseUnknown(models: readonly EntityModel[], path: string): void {
  if (models.some((model) => hasPath(model, path))) return;
  const names = models.flatMap((model) => model.metadata.relations.map(({ propertyPath }) => propertyPath));
  throw new UnknownPathError(models.map(({ name }) => name).join(' or '), path, new Set(names));
}
