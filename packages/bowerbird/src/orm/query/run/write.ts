import { deleteSql, resolveAssignments, updateSql } from '../compile/change.js';
import { openScope } from '../compile/open-scope.js';
import { compileWhere, planSelect } from '../compile/select.js';
import { type QueryEngine } from '../query-engine.js';
import { isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type Sql } from '../sql/sql.js';
import { changeByKeys, type ChangeWriter } from './change-by-keys.js';
import { deleteObserved, hearsDeletions } from './delete-observed.js';
import { hearsUpdates, updateObserved } from './observed.js';
import { lockKeys } from './written-keys.js';

/** Sets columns of every matching row and returns how many there are. @throws FieldError, IntegrityError */
export async function updateRows(
  engine: QueryEngine,
  state: QueryState,
  values: Readonly<Record<string, unknown>>,
): Promise<number> {
  refuseSliced(state, 'update');
  const model = engine.model(state.entity);
  const checked = resolveAssignments(openScope(engine, state), state, values);
  if (state.empty || checked.length === 0) return 0;
  const write: ChangeWriter = (scope, where) => updateSql(scope, resolveAssignments(scope, state, values), where);
  if (!hearsUpdates(engine, model, { changed: Object.keys(values) }))
    return engine.change(changeSql(engine, state, write));
  return engine.source.atomic(async () => {
    const keys = await lockKeys(engine, state);
    await updateObserved(engine, model, keys, (some) => changeByKeys(model, engine, some, write), { values });
    return keys.length;
  });
}

/** Deletes every matching row and returns how many there were. Foreign keys decide about rows that refer to them. */
export async function deleteRows(engine: QueryEngine, state: QueryState): Promise<number> {
  refuseSliced(state, 'delete');
  if (state.empty) return 0;
  const model = engine.model(state.entity);
  if (!hearsDeletions(engine, model)) return engine.change(changeSql(engine, state, deleteSql));
  return engine.source.atomic(async () => {
    const keys = await lockKeys(engine, state);
    await deleteObserved(engine, model, keys, (some) => changeByKeys(model, engine, some, deleteSql));
    return keys.length;
  });
}

function changeSql(engine: QueryEngine, state: QueryState, write: ChangeWriter): Sql {
  const scope = openScope(engine, state);
  return write(scope, state.seek ? planSelect(scope, state).where : compileWhere(scope, state));
}

/** @throws QueryUsageError for a query whose rows are not simply those of a condition */
export function refuseSliced(state: QueryState, what: string): void {
  if (isSliced(state) || state.distinct || state.groupBy || state.compound || state.origin)
    throw new QueryUsageError(`A sliced, distinct, grouped or combined query cannot ${what}`, {
      hint: `Filter by its keys: objects(E).filter({ pk__in: query.flat('pk') }).${what}(…)`,
    });
}
