import { type ColumnModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { QueryHandle } from '../query/query-handle.js';
import { raw, sql, type Sql } from '../query/sql/sql.js';
import { type Reference } from './reference-graph.js';

/** The lookup that finds the rows that refer by a reference to some of its target. */
export function referringTo(reference: Reference, rows: QueryHandle): Extract<Where, { op: 'lookups' }>['lookups'] {
  const { named, description } = reference;
  return named ? { [`${description.path}__in`]: rows } : { pk__in: new ReferringRows(reference, rows) };
}

/** Rows that refer to others by a foreign key that queries have no path for. */
class ReferringRows extends QueryHandle {
  constructor(
    private readonly reference: Reference,
    private readonly rows: QueryHandle,
  ) {
    super();
  }

  override list(columns: readonly ColumnModel[] | undefined): Sql {
    const { from, pairs } = this.reference.relation;
    const names = (list: readonly ColumnModel[]) =>
      raw(list.map(({ name }) => `t.${from.dialect.quote(name)}`).join(', '));
    const own = names(pairs.map((pair) => pair.own));
    const targets = this.rows.list(pairs.map(({ target }) => target));
    const among = pairs.length === 1 ? own : sql`(${own})`;
    return sql`SELECT ${names(columns ?? from.primary)} FROM ${from.table} AS t WHERE ${among} IN (${targets})`;
  }
}
