import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { inKeys, type RawKey } from '../compile/keys.js';
import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { lockSql, planSelect, selectSql } from '../compile/select.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { QueryHandle } from '../query-handle.js';
import { WAITING_LOCK, type QueryState } from '../query-state.js';
import { join, sql, type Sql } from '../sql/sql.js';

/** The keys of the rows of a query, which nobody else changes until the transaction ends. */
export async function lockKeys(engine: QueryEngine, state: QueryState): Promise<readonly RawKey[]> {
  const model = engine.model(state.entity);
  const scope = openScope(engine, state);
  const list = new SelectList();
  const aliases = model.primary.map((column) => list.column(scope.joinedColumn([], column), column));
  const plain: QueryState = { ...state, order: [], shape: { type: 'entity' } };
  const statement = selectSql(planSelect(scope, plain), list, plain);
  const rows = await engine.rows(sql`${statement}${lockSql(scope, WAITING_LOCK)}`);
  return rows.map((row) => aliases.map((alias) => row[alias]));
}

/** Some rows of an entity by their keys, as the value of an `in` lookup. */
export class KeyRows extends QueryHandle {
  constructor(
    private readonly model: EntityModel,
    private readonly keys: readonly RawKey[],
  ) {
    super();
  }

  override list(columns: readonly ColumnModel[] = this.model.primary): Sql {
    const scope = new JoinScope(this.model, new AliasSource());
    const wanted = columns.map((column) => scope.joinedColumn([], column));
    const own = this.model.primary.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
    return sql`SELECT ${join(wanted, ', ')} FROM ${scope.from()} WHERE ${inKeys(own, this.keys)}`;
  }
}
