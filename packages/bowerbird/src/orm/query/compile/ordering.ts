import { type FieldKind } from '../../describe/entity-description.js';
import { OrderBy, PathExpression, type CompiledExpression } from '../expressions/expression.js';
import { nullsAfter, RandomExpression, sortedBy } from '../expressions/order-by.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { tryParsePath, tryResolvePath, type ResolvedPath } from '../model/resolve-path.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { JoinScope } from './join-scope.js';
import { compilerOf } from './where.js';

/** One value by which rows are ordered, with no direction applied yet. */
export interface OrderTerm {
  readonly path: string;
  /** The column that it is; absent for what the statement works out. */
  readonly column: ColumnModel | undefined;
  readonly dialect: SqlDialect;
  readonly kind: FieldKind;
  readonly sql: Sql;
  readonly nullable: boolean;
  readonly descending: boolean;
  /** What stands in the ORDER BY instead: the alias of a selected value. */
  readonly shown?: Sql | undefined;
  /** Whether NULL comes behind the values. */
  readonly nullsAfter: boolean;
  /** False for values that are others each time: no row has a place among them. */
  readonly stable: boolean;
}

/** The ordering of a query: its own or the entity's, and the keys of its rows where it must be total. */
export function compileOrdering(scope: JoinScope, state: QueryState): OrderTerm[] {
  const terms = ownOrdering(scope, state).flatMap((term) => termsOf(scope, state, term));
  if (!state.total && state.seek === null) return terms;
  if (state.groupBy) return appendGroups(scope, state, terms);
  if (scope.given) return appendPlaces(scope, state, terms);
  const ordered = appendPlaces(scope, state, appendKey(scope, terms, state.reversed));
  return [...ordered, ...joinedKeys(scope, state, ordered.at(-1)?.descending ?? state.reversed)];
}

/** Groups are no rows of the entity, whose ordering they do not take over. */
function ownOrdering(scope: JoinScope, { order, groupBy }: QueryState): readonly (string | OrderBy)[] {
  return order ?? (groupBy ? [] : scope.model.description.ordering);
}

/** ` ORDER BY …`, or nothing. */
export function orderBy(terms: readonly OrderTerm[], model: EntityModel): Sql {
  if (terms.length === 0) return NOTHING;
  const pieces = terms.map((term) =>
    model.dialect.orderTerm(term.shown ?? term.sql, term.descending, term.nullable, term.nullsAfter),
  );
  return sql` ORDER BY ${join(pieces, ', ')}`;
}

type Found = Pick<OrderTerm, 'sql' | 'nullable'>;

/** Splits `-name` into the path and its direction. */
export function parseTerm(term: string): { readonly path: string; readonly descending: boolean } {
  return term.startsWith('-') ? { path: term.slice(1), descending: true } : { path: term, descending: false };
}

function termsOf(scope: JoinScope, state: QueryState, term: string | OrderBy): OrderTerm[] {
  if (typeof term !== 'string') return computedTerms(scope, state, term, '');
  const { path, descending } = parseTerm(term);
  refuseUngrouped(scope, state, path);
  const known = compilerOf(scope, state).knows(path);
  const target = known ? undefined : tryResolvePath(scope.model, path);
  if (!target || isDocument(target))
    return computedTerms(scope, state, new OrderBy(new PathExpression(path), descending, undefined), path);
  refuseEncrypted(target, 'order by it');
  return target.columns.map((column) => {
    const found = state.groupBy ? scope.column(target.hops, column) : place(scope, target, column, descending);
    return columnTerm(path, column, found, descending !== state.reversed);
  });
}

/** @throws QueryUsageError for a field that rows of one group may have different values of */
function refuseUngrouped(scope: JoinScope, state: QueryState, path: string): void {
  const compiler = compilerOf(scope, state);
  const start = compiler.split(path).path;
  const common = [path, start].some((each) => state.groupBy?.includes(each));
  if (!state.groupBy || common || compiler.annotations.find(start)?.grouped) return;
  throw new QueryUsageError(`Groups have no single "${path}" to be ordered by`, {
    hint: `Order by ${[...state.groupBy].join(', ') || 'nothing'} or an aggregate; orderBy() without terms forgets an ordering`,
  });
}

/** Whether a path leads to a JSON document. */
function isDocument({ columns, references }: ResolvedPath): boolean {
  return !references && columns[0]!.kind === 'json' && !columns[0]!.metadata.isArray;
}

/** The terms of what the statement works out: one, or several for values of JSON. */
function computedTerms(scope: JoinScope, state: QueryState, term: OrderBy, path: string): OrderTerm[] {
  const compiler = compilerOf(scope, state);
  const value = inOrdering(compiler.compile(term.expression));
  const { dialect } = scope.model;
  const sorted = sortedBy(value, dialect);
  if (sorted.length > 1) refuseApart(state);
  const alias = compiler.selected.get(path);
  const named =
    sorted.length === 1 &&
    (state.groupBy?.includes(path) || (dialect.numbersParameters && value.sql.values.length > 0));
  return sorted.map((each) => ({
    path,
    shown: alias && named ? dialect.expressions.sortedAlias(raw(alias), each) : undefined,
    column: undefined,
    dialect,
    kind: each.kind,
    sql: dialect.expressions.sortable(each),
    nullable: each.nullable,
    descending: term.descending !== state.reversed,
    nullsAfter: nullsAfter(term) !== state.reversed,
    stable: !(term.expression instanceof RandomExpression),
  }));
}

/** @throws QueryUsageError where rows can be ordered by nothing but what they select */
function refuseApart({ groupBy, distinct }: QueryState): void {
  if (!groupBy && !distinct) return;
  throw new QueryUsageError('Groups and different rows are not ordered by a value of JSON, which is of any type', {
    hint: "Annotate it as one type, Cast('data.size', 'float'), and order by that",
  });
}

/** A constant number would be the place of a selected column, and PostgreSQL refuses any other constant. */
function inOrdering(value: CompiledExpression): CompiledExpression {
  return value.constant ? { ...value, sql: sql`(SELECT ${value.sql})` } : value;
}

function columnTerm(path: string, column: ColumnModel, found: Found, descending: boolean): OrderTerm {
  const { dialect, kind } = column;
  return { path, column, dialect, kind, ...found, descending, nullsAfter: !descending, stable: true };
}

/** The groups that no term tells apart yet. */
function appendGroups(scope: JoinScope, state: QueryState, terms: readonly OrderTerm[]): OrderTerm[] {
  const known = new Set(terms.map(({ path }) => path));
  const missing = state.groupBy!.filter((path) => !known.has(path));
  return [...terms, ...missing.flatMap((path) => termsOf(scope, state, path))];
}

/** The key takes the direction of the last term, so that one index over both serves the whole ordering. */
function appendKey(scope: JoinScope, terms: readonly OrderTerm[], reversed: boolean): OrderTerm[] {
  const own = new Set(terms.filter(({ path }) => !path.includes('.')).map(({ column }) => column));
  const missing = scope.model.primary.filter((column) => !own.has(column));
  const descending = terms.at(-1)?.descending ?? reversed;
  const key = missing.map((column) => {
    return columnTerm(column.path, column, scope.column([], column), descending);
  });
  return [...terms, ...key];
}

/** Rows of joined queries have the places of both sides. */
function appendPlaces(scope: JoinScope, state: QueryState, terms: readonly OrderTerm[]): OrderTerm[] {
  const known = new Set(terms.map(({ path }) => path));
  const descending = (terms.at(-1)?.descending ?? state.reversed) !== state.reversed;
  const own: readonly string[] = scope.given ? [] : scope.places;
  const missing = compilerOf(scope, state).places.filter((path) => !known.has(path) && !own.includes(path));
  return [...terms, ...missing.flatMap((path) => termsOf(scope, state, descending ? `-${path}` : path))];
}

/** Values over a to-many relation make several rows of one: the keys of the related rows give each of them a place. */
function joinedKeys(scope: JoinScope, state: QueryState, descending: boolean): OrderTerm[] {
  const { shape } = state;
  const paths = shape.type === 'values' ? shape.paths : shape.type === 'flat' ? [shape.path] : [];
  const compiler = compilerOf(scope, state);
  const terms = new Map<string, OrderTerm>();
  for (const path of paths) {
    const start = compiler.split(path).path;
    const hops = compiler.knows(start) ? [] : (tryParsePath(scope.model, start)?.target.hops ?? []);
    for (const [index, { many, target }] of hops.entries()) {
      if (!many) continue;
      const way = hops.slice(0, index + 1);
      for (const column of target.primary) {
        const name = [...way, column].map((step) => step.path).join('.');
        terms.set(name, columnTerm(name, column, scope.column(way, column), descending));
      }
    }
  }
  return [...terms.values()];
}

/**
 * Over a relation to many rows the first of them in the direction of the term counts, so that no row comes twice. It is
 * the same one when the ordering is reversed.
 */
function place(scope: JoinScope, target: ResolvedPath, column: ColumnModel, descending: boolean): Found {
  const many = target.hops.findIndex((hop) => hop.many);
  if (many < 0) return scope.column(target.hops, column);
  const relation = target.hops[many]!;
  const rows = new JoinScope(relation.target, scope.aliases, { relation, optional: false });
  const { sql: value, nullable } = rows.column(target.hops.slice(many + 1), column);
  const own = (outer: ColumnModel): Sql => scope.column(target.hops.slice(0, many), outer).sql;
  const order = scope.model.dialect.orderTerm(value, descending, nullable, !descending);
  return {
    sql: sql`(SELECT ${value} FROM ${rows.from()} WHERE ${rows.tie(own)} ORDER BY ${order}${raw(' LIMIT 1')})`,
    nullable: true,
  };
}
