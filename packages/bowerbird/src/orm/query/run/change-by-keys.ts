import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { inKeys, type RawKey } from '../compile/keys.js';
import { type Predicate } from '../compile/predicate.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type Sql } from '../sql/sql.js';

/** Writes the statement that changes the rows of a condition. */
export type ChangeWriter = (scope: JoinScope, where: Predicate) => Sql;

/** Changes the rows of some keys and returns how many there were. */
export async function changeByKeys(
  model: EntityModel,
  engine: QueryEngine,
  keys: readonly RawKey[],
  write: ChangeWriter,
): Promise<number> {
  const scope = new JoinScope(model, new AliasSource());
  const columns = model.primary.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
  return engine.change(write(scope, { sql: inKeys(columns, keys), certain: true }));
}
