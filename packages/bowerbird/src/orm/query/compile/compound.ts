import { type OrderBy } from '../expressions/expression.js';
import { type Compound, type RowShape, type SetOperation } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';

const KEYWORDS: Readonly<Record<SetOperation, string>> = {
  union: 'UNION',
  'union-all': 'UNION ALL',
  intersection: 'INTERSECT',
  difference: 'EXCEPT',
};

/** How the rows of several queries are put together, beside the queries. */
export interface CompoundPlan {
  readonly operation: SetOperation;
  /** The aliases of the selected columns, by name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly order: readonly (string | OrderBy)[];
  readonly reversed: boolean;
  readonly slice: Sql;
}

/** The statement of several that select as many columns each. @throws QueryUsageError for a term that is not selected */
export function compoundSql(dialect: SqlDialect, parts: readonly Sql[], plan: CompoundPlan): Sql {
  const selects = parts.map((part, index) => sql`SELECT * FROM (${part}) AS ${raw(`p${index}`)}`);
  const whole = join(selects, ` ${KEYWORDS[plan.operation]} `);
  const terms = plan.order.map((term) => termSql(dialect, plan, term));
  const order = terms.length > 0 ? sql` ORDER BY ${join(terms, ', ')}` : NOTHING;
  return sql`SELECT * FROM (${whole}) AS u${order}${plan.slice}`;
}

/** The names that queries select, which have to be as many. @throws QueryUsageError */
export function commonShape(compound: Compound): RowShape {
  const shapes = compound.parts.map(({ shape }) => shape);
  const widths = shapes.map((shape) => (shape.type === 'values' ? shape.paths.length : 1));
  if (new Set(widths).size > 1 || shapes.some(({ type }) => type !== shapes[0]!.type))
    throw new QueryUsageError('Queries that are put together select as many values each, in the same way');
  return shapes[0]!;
}

function termSql(dialect: SqlDialect, { columns, reversed }: CompoundPlan, term: string | OrderBy): Sql {
  const name = typeof term === 'string' ? term.replace(/^-/, '') : '';
  const alias = columns.get(name);
  if (!alias)
    throw new QueryUsageError('Rows of several queries are ordered by the names that they select', {
      hint: `Selected: ${[...columns.keys()].join(', ')}`,
    });
  const descending = (term as string).startsWith('-') !== reversed;
  return dialect.orderTerm(raw(`u.${alias}`), descending, true, !descending);
}
