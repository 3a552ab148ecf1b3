import { type QueryState } from '../query-state.js';
import { list, sql } from '../sql/sql.js';
import { Annotations } from './annotations.js';
import { compileCondition } from './condition.js';
import { ExpressionCompiler } from './expression-compiler.js';
import { type JoinScope } from './join-scope.js';
import { type Predicate } from './predicate.js';

/** The rows that a query has before any condition of its own. A table of other queries has the right ones already. */
export function givenRows(scope: JoinScope, state: QueryState): Predicate[] {
  return scope.given ? [] : [...ownRows(scope), ...scopedRows(scope, state)];
}

/** The rows of an entity that shares the table of another one: those with its discriminator or one below it. */
function ownRows(scope: JoinScope): Predicate[] {
  const { metadata } = scope.model;
  const { discriminatorColumn, parentEntityMetadata, childEntityMetadatas } = metadata;
  if (!discriminatorColumn || !parentEntityMetadata) return [];
  const values = [metadata, ...childEntityMetadatas].map(({ discriminatorValue }) => discriminatorValue);
  const column = scope.column([], scope.model.column(discriminatorColumn));
  return [{ sql: sql`${column.sql} IN ${list(values)}`, certain: !column.nullable }];
}

/** The default scopes of the entity that the query does not leave out. */
function scopedRows(scope: JoinScope, { unscoped }: QueryState): Predicate[] {
  if (unscoped === 'all') return [];
  const scopes = scope.model.description.scopes.filter(({ name }) => !unscoped.includes(name));
  const plain = new ExpressionCompiler(scope, {
    annotations: Annotations.none,
    outer: undefined,
    reach: 'related',
    bound: new Map(),
    zone: scope.model.dialect.zones.default,
  });
  return scopes.map(({ where }) => compileCondition(plain, where()));
}
