import { type FieldKind } from '../../describe/entity-description.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { resolvePath, type ResolvedPath } from '../model/resolve-path.js';
import { type QueryState, type RowShape } from '../query-state.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { JoinScope } from './join-scope.js';

/** One column by which rows are ordered, with no direction applied yet. */
export interface OrderTerm {
  readonly path: string;
  readonly column: ColumnModel;
  readonly kind: FieldKind;
  readonly sql: Sql;
  readonly nullable: boolean;
  readonly descending: boolean;
}

/** The ordering of a query: its own or the entity's, and the keys of its rows where it must be total. */
export function compileOrdering(scope: JoinScope, state: QueryState): OrderTerm[] {
  const names = state.order ?? scope.model.description.ordering;
  const terms = names.flatMap((name) => termsOf(scope, name, state.reversed));
  if (!state.total && state.seek === null) return terms;
  const ordered = appendKey(scope, terms, state.reversed);
  return [...ordered, ...joinedKeys(scope, state.shape, ordered.at(-1)?.descending ?? state.reversed)];
}

/** ` ORDER BY …`, or nothing. */
export function orderBy(terms: readonly OrderTerm[], model: EntityModel): Sql {
  if (terms.length === 0) return NOTHING;
  const pieces = terms.map((term) => model.dialect.orderTerm(term.sql, term.descending, term.nullable));
  return sql` ORDER BY ${join(pieces, ', ')}`;
}

/** Splits `-name` into the path and its direction. */
export function parseTerm(term: string): { readonly path: string; readonly descending: boolean } {
  return term.startsWith('-') ? { path: term.slice(1), descending: true } : { path: term, descending: false };
}

function termsOf(scope: JoinScope, name: string, reversed: boolean): OrderTerm[] {
  const { path, descending } = parseTerm(name);
  const target = resolvePath(scope.model, path);
  return target.columns.map((column) => {
    const { sql, nullable } = place(scope, target, column, descending);
    return { path, column, kind: column.kind, sql, nullable, descending: descending !== reversed };
  });
}

/** The key takes the direction of the last term, so that one index over both serves the whole ordering. */
function appendKey(scope: JoinScope, terms: readonly OrderTerm[], reversed: boolean): OrderTerm[] {
  const own = new Set(terms.filter(({ path }) => !path.includes('.')).map(({ column }) => column));
  const missing = scope.model.primary.filter((column) => !own.has(column));
  const descending = terms.at(-1)?.descending ?? reversed;
  const key = missing.map((column) => {
    const { sql, nullable } = scope.column([], column);
    return { path: column.path, column, kind: column.kind, sql, nullable, descending };
  });
  return [...terms, ...key];
}

/** Values over a to-many relation make several rows of one: the keys of the related rows give each of them a place. */
function joinedKeys(scope: JoinScope, shape: RowShape, descending: boolean): OrderTerm[] {
  const paths = shape.type === 'values' ? shape.paths : shape.type === 'flat' ? [shape.path] : [];
  const terms = new Map<string, OrderTerm>();
  for (const path of paths) {
    const { hops } = resolvePath(scope.model, path);
    for (const [index, { many, target }] of hops.entries()) {
      if (!many) continue;
      const way = hops.slice(0, index + 1);
      for (const column of target.primary) {
        const name = [...way, column].map((step) => step.path).join('.');
        const { sql, nullable } = scope.column(way, column);
        terms.set(name, { path: name, column, kind: column.kind, sql, nullable, descending });
      }
    }
  }
  return [...terms.values()];
}

/**
 * Over a relation to many rows the first of them in the direction of the term counts, so that no row comes twice. It is
 * the same one when the ordering is reversed.
 */
function place(
  scope: JoinScope,
  target: ResolvedPath,
  column: ColumnModel,
  descending: boolean,
): Pick<OrderTerm, 'sql' | 'nullable'> {
  const many = target.hops.findIndex((hop) => hop.many);
  if (many < 0) return scope.column(target.hops, column);
  const relation = target.hops[many]!;
  const rows = new JoinScope(relation.target, scope.aliases, { relation, optional: false });
  const { sql: value, nullable } = rows.column(target.hops.slice(many + 1), column);
  const own = (outer: ColumnModel): Sql => scope.column(target.hops.slice(0, many), outer).sql;
  const order = scope.model.dialect.orderTerm(value, descending, nullable);
  return {
    sql: sql`(SELECT ${value} FROM ${rows.from()} WHERE ${rows.tie(own)} ORDER BY ${order}${raw(' LIMIT 1')})`,
    nullable: true,
  };
}
