import { type JoinScope } from '../query/compile/join-scope.js';
import { type SelectList } from '../query/compile/select-list.js';
import { compilerOf } from '../query/compile/where.js';
import { type QueryEngine, type RawRow } from '../query/query-engine.js';
import { type QueryState } from '../query/query-state.js';
import { afterLoad, hasListeners } from './after-load.js';
import { selectAnnotations } from './computed-values.js';
import { selectionOf, type EntitySelection } from './entity-selection.js';
import { prefetch } from './prefetch.js';

/** Makes entities of rows, with everything that belongs to them loaded; at once where nothing has to be waited for. */
export type Hydrator = (rows: readonly RawRow[]) => object[] | Promise<object[]>;

/** Adds what the entities of a query need to its statement, which has selected nothing yet, and says how to make them. */
export function compileEntities(engine: QueryEngine, scope: JoinScope, list: SelectList, state: QueryState): Hydrator {
  const { columns, later, map, list: own } = selectionFor(engine, scope, state);
  list.addAll(own);
  const annotate = selectAnnotations(compilerOf(scope, state), list);
  const loadsLater = later.relations.length + later.targets.length > 0;
  const waits = loadsLater || hasListeners(columns);
  const make = (rows: readonly RawRow[]): object[] => {
    const entities = map(rows, engine.loader);
    if (annotate) entities.forEach((entity, index) => annotate(entity, rows[index]!));
    return entities;
  };
  const finish = (entities: object[]): object[] => {
    engine.source.loaded?.(entities);
    return entities;
  };
  if (!waits) return (rows) => finish(make(rows));
  return async (rows) => {
    const entities = make(rows);
    if (loadsLater && rows.length > 0) {
      const loaded = entities.map((entity, index) => ({ entity, row: rows[index]! }));
      await prefetch(engine, loaded, columns, later);
    }
    await afterLoad(columns, finish(entities));
    return entities;
  };
}

/** What was compiled before serves wherever its aliases are those of the scope: behind a junction they differ. */
function selectionFor(engine: QueryEngine, scope: JoinScope, state: QueryState): EntitySelection {
  const joins = state.related.length > 0 || scope.model.metadata.eagerRelations.length > 0;
  if (scope.hasJunction && joins)
    return selectionOf(scope, state, state.strict ?? engine.source.lazyLoading === 'strict');
  const selection = engine.selections.of(scope.model, state);
  scope.joinTable([]);
  for (const hops of selection.joins) scope.joinTable(hops);
  return selection;
}
