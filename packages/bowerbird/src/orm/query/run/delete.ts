import { countGone } from '../../cascade/gone-rows.js';
import { compileList } from '../compile/list.js';
import { openScope } from '../compile/open-scope.js';
import { SelectList } from '../compile/select-list.js';
import { planSelect, selectSql } from '../compile/select.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { QueryHandle } from '../query-handle.js';
import { WAITING_LOCK, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { sql, type Sql } from '../sql/sql.js';
import { deleteRows, refuseSliced } from './write.js';

/** What a deletion removed. */
export interface Deletion {
  /** Rows and links in all. */
  readonly total: number;
  /** How many of which entity, by its key: `shop.product`; links by their relation: `shop.product.tags`. */
  readonly by: ReadonlyMap<string, number>;
}

/**
 * Deletes every row for good and tells what went: those of the query, those that the database removes with them, and
 * links. Three statements, however many rows there are; one where nothing can go along. @throws ForeignKeyError
 */
export async function deleteAndCount(engine: QueryEngine, state: QueryState): Promise<Deletion> {
  refuseSliced(state, 'deleteAndCount');
  const model = engine.model(state.entity);
  if (model.description.deletionDate !== null)
    throw new QueryUsageError(`Rows of ${model.name} are marked when they are deleted, and nothing goes with them`, {
      hint: 'Use delete(), or forceDelete() to remove them for good',
    });
  if (state.empty) return deletion(new Map());
  if (!engine.cascades.takes(model))
    return deletion(new Map([[model.description.key, await deleteRows(engine, state)]]));
  return engine.source.atomic(async () => {
    const plain: QueryState = { ...state, order: [], total: false, shape: { type: 'entity' } };
    if ((await lockedCount(engine, plain)) === 0) return deletion(new Map());
    const by = await countGone(engine, model, new Rows(engine, plain));
    await deleteRows(engine, state);
    return deletion(by);
  });
}

function deletion(by: ReadonlyMap<string, number>): Deletion {
  const counts = [...by].filter(([, count]) => count > 0);
  return { total: counts.reduce((sum, [, count]) => sum + count, 0), by: new Map(counts) };
}

/** How many rows there are, which nobody else changes until the transaction ends; none of them leaves the database. */
async function lockedCount(engine: QueryEngine, state: QueryState): Promise<number> {
  const scope = openScope(engine, state);
  const locking: QueryState = { ...state, lock: WAITING_LOCK };
  const rows = selectSql(planSelect(scope, locking), new SelectList(), locking);
  const [row] = await engine.rows<{ n: string | number }>(sql`SELECT COUNT(*) AS n FROM (${rows}) AS held`);
  return Number(row!.n);
}

/** The rows of a state as the value of an `in` lookup. */
class Rows extends QueryHandle {
  constructor(
    private readonly engine: QueryEngine,
    private readonly state: QueryState,
  ) {
    super();
  }

  override list(columns: readonly ColumnModel[] | undefined): Sql {
    return compileList(this.engine, this.state, columns);
  }
}
