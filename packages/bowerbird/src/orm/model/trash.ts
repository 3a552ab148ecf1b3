import { ReferenceGraph, type Reference } from '../cascade/reference-graph.js';
import { referringTo } from '../cascade/referring-rows.js';
import { TRASH_SCOPE } from '../describe/entity-description.js';
import { ForeignKeyError } from '../orm.errors.js';
import { resolveAssignments, updateSql } from '../query/compile/change.js';
import { keyChunks, type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, type QueryState } from '../query/query-state.js';
import { changeByKeys } from '../query/run/change-by-keys.js';
import { exists } from '../query/run/count.js';
import { fetchAll } from '../query/run/fetch.js';
import { bulkRows, updateTold } from '../query/run/observed.js';
import { refuseSliced } from '../query/run/write.js';
import { KeyRows, lockKeys } from '../query/run/written-keys.js';
import { Company } from './company.js';

/** How the rows of a query are told of: as those of one call, or one by one by whoever loaded them. */
export type TrashTold = 'bulk' | 'rows';

/**
 * Marks rows as deleted, and with the same moment those with a deletion date that would go with them by ON DELETE
 * CASCADE. Returns how many rows of the query there were. @throws ForeignKeyError when others forbid it
 */
export async function trashRows(engine: QueryEngine, state: QueryState, told: TrashTold = 'bulk'): Promise<number> {
  refuseSliced(state, 'delete');
  if (state.empty) return 0;
  const model = engine.model(state.entity);
  return engine.source.atomic(async () => {
    const keys = await lockKeys(engine, { ...state, where: [...state.where, marked(model, false)] });
    const graph = new ReferenceGraph(engine);
    const company = new Company(engine, graph, activeRows);
    await company.add(model, keys);
    await refuseProtected(engine, graph, company);
    const at = new Date();
    for (const [each, some] of company.rows) {
      const [first, others] = each === model ? divided(some, keys) : [[], some];
      if (told === 'rows') await stamp(engine, each, first, at);
      else await mark(engine, each, first, at);
      await mark(engine, each, others, at);
    }
    return keys.length;
  });
}

/** Takes the mark away from rows that have it, and from those that got it at the same moment because of them. */
export async function restoreRows(engine: QueryEngine, state: QueryState): Promise<number> {
  refuseSliced(state, 'restore');
  if (state.empty) return 0;
  const model = engine.model(state.entity);
  const path = model.description.deletionDate!;
  return engine.source.atomic(async () => {
    const moments = await fetchAll(engine, { ...state, order: [], distinct: true, shape: { type: 'flat', path } });
    let count = 0;
    for (const moment of moments as readonly Date[]) count += await restoreMoment(engine, state, moment);
    return count;
  });
}

async function restoreMoment(engine: QueryEngine, state: QueryState, moment: Date): Promise<number> {
  const model = engine.model(state.entity);
  const keys = await lockKeys(engine, { ...state, where: [...state.where, markedAt(model, moment)] });
  const company = new Company(engine, new ReferenceGraph(engine), (child) => ({
    ...unscopedState(child.description.target),
    where: [markedAt(child, moment)],
  }));
  await company.add(model, keys);
  for (const [each, some] of company.rows) await mark(engine, each, some, null);
  return keys.length;
}

/** Rows that are not marked yet, those included that other default scopes hide. */
export function activeRows({ description: { target, scopes } }: EntityModel): QueryState {
  const others = scopes.map(({ name }) => name).filter((name) => name !== TRASH_SCOPE);
  return { ...unscopedState(target), unscoped: others };
}

function marked({ description }: EntityModel, wanted: boolean): Where {
  return { op: 'lookups', lookups: { [`${description.deletionDate}__isnull`]: !wanted } };
}

function markedAt({ description }: EntityModel, moment: Date): Where {
  return { op: 'lookups', lookups: { [description.deletionDate!]: moment } };
}

async function mark(engine: QueryEngine, model: EntityModel, keys: readonly RawKey[], at: Date | null): Promise<void> {
  if (keys.length === 0) return;
  const { signals } = engine.source;
  const rows = bulkRows(model, keys);
  const work = () => stamp(engine, model, keys, at);
  if (at === null) await signals.aroundUpdate(rows, { values: { [model.description.deletionDate!]: null } }, work);
  else await signals.aroundDeletion(rows, true, work);
}

/** Sets the date, and tells listeners of each row. */
async function stamp(engine: QueryEngine, model: EntityModel, keys: readonly RawKey[], at: Date | null): Promise<void> {
  const values = { [model.description.deletionDate!]: at };
  const state = unscopedState(model.description.target);
  await updateTold(engine, model, keys, (some) =>
    changeByKeys(model, engine, some, (scope, where) =>
      updateSql(scope, resolveAssignments(scope, state, values), where),
    ),
  );
}

/** Keys that are among some, which come first, and the others. */
function divided(all: readonly RawKey[], some: readonly RawKey[]): readonly [readonly RawKey[], readonly RawKey[]] {
  return [all.slice(0, some.length), all.slice(some.length)];
}

/** Rows that may not lose what they refer to forbid it, unless they go as well. @throws ForeignKeyError */
async function refuseProtected(engine: QueryEngine, graph: ReferenceGraph, company: Company): Promise<void> {
  for (const [model, keys] of company.rows)
    for (const reference of graph.to(model)) {
      const { onDelete } = reference;
      if (onDelete !== 'protect' && onDelete !== 'no-action') continue;
      for (const some of keyChunks(keys)) await refuseReferring(engine, company, reference, new KeyRows(model, some));
    }
}

async function refuseReferring(
  engine: QueryEngine,
  company: Company,
  reference: Reference,
  rows: KeyRows,
): Promise<void> {
  const { from } = reference.relation;
  const paths = reference.named ? [reference.description.path] : reference.relation.pairs.map(({ own }) => own.path);
  const leaving = company.keysOf(from);
  const gone: Where = { op: 'lookups', lookups: { pk__in: new KeyRows(from, leaving) } };
  const refers: Where = { op: 'lookups', lookups: referringTo(reference, rows) };
  const where: readonly Where[] = leaving.length === 0 ? [refers] : [refers, { op: 'not', part: gone }];
  if (!(await exists(engine, { ...activeRows(from), where }))) return;
  throw new ForeignKeyError(
    `Other rows still refer to this row: ${from.name}.${paths.join(', ')}`,
    paths,
    undefined,
    'referenced',
    {
      hint: `Delete those first, or give the reference another onDelete`,
    },
  );
}
