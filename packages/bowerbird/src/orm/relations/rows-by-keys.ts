import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { inKeys, type RawKey } from '../query/compile/keys.js';
import { SelectList } from '../query/compile/select-list.js';
import { planSelect, selectSql } from '../query/compile/select.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type QueryState } from '../query/query-state.js';

/** The rows of a query that have some primary keys. */
export async function rowsByKeys(engine: QueryEngine, state: QueryState, keys: readonly RawKey[]): Promise<object[]> {
  const model = engine.model(state.entity);
  const scope = new JoinScope(model, new AliasSource());
  const list = new SelectList();
  const hydrate = engine.compileEntities(scope, list, state);
  const primary = model.primary.map((column) => ({ sql: scope.joinedColumn([], column), column }));
  const plan = planSelect(scope, state, [{ sql: inKeys(primary, keys), certain: true }]);
  return hydrate(await engine.rows(selectSql(plan, list, state)));
}
