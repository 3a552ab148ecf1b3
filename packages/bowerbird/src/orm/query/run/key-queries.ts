import { TRASH_SCOPE, type FieldKind } from '../../describe/entity-description.js';
import { columnValue } from '../lookups/column-value.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { loadShape, type QueryState } from '../query-state.js';
import { Sql } from '../sql/sql.js';
import { type CompiledQuery } from './fetch.js';

/** Kinds of keys that are compared by the same text whatever the value is. */
const PREPARED: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'uuid']);

/** Shapes kept for each entity. */
const KEPT = 100;

/** Queries by primary key, the commonest of all: compiled once for each shape, then only given another value. */
export class KeyQueries {
  private readonly byModel = new WeakMap<EntityModel, Map<string, CompiledQuery>>();

  /** The query of a state, by `compile` where it is a new one or more than a query by key. @throws BadLookupValueError */
  of(model: EntityModel, state: QueryState, compile: () => CompiledQuery): CompiledQuery {
    const [key] = model.primary;
    const value = key && !hasOwnScopes(model) && PREPARED.has(key.kind) ? keyOf(model, key, state) : undefined;
    const shape = value === undefined ? undefined : shapeOf(state);
    if (shape === undefined) return compile();
    const known = this.byModel.get(model) ?? new Map<string, CompiledQuery>();
    this.byModel.set(model, known);
    const found = known.get(shape);
    if (found) return withKey(found, key!, value);
    const made = compile();
    if (known.size >= KEPT) known.clear();
    if (made.sql.values.length === 1) known.set(shape, made);
    return made;
  }
}

/** Whether its rows depend on scopes of its own, whose conditions may be others each time. */
function hasOwnScopes({ description }: EntityModel): boolean {
  return description.scopes.some(({ name }) => name !== TRASH_SCOPE);
}

/** The key that a query asks for, when it asks for nothing else. */
function keyOf(model: EntityModel, key: ColumnModel, state: QueryState): string | number | bigint | undefined {
  const { where, shape, order, seek, offset, distinct, lock, annotations, distinctOn, narrowed, joins } = state;
  const [only] = where;
  if (where.length !== 1 || only!.op !== 'lookups' || annotations.length > 0 || distinctOn) return undefined;
  if (narrowed.length > 0 || joins.length > 0) return undefined;
  if (shape.type !== 'entity' || (order && order.length > 0) || seek || offset > 0 || distinct || lock)
    return undefined;
  const [lookup, ...others] = Object.entries(only!.lookups);
  if (!lookup || others.length > 0 || model.primary.length > 1) return undefined;
  const [name, value] = lookup;
  if (model.columns.get(name) !== key) return undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

function shapeOf(state: QueryState): string | undefined {
  const loaded = loadShape(state);
  const { limit, total, reversed, order, unscoped } = state;
  return loaded && [loaded, limit, total, reversed, order === null, String(unscoped)].join('|');
}

function withKey(query: CompiledQuery, key: ColumnModel, value: unknown): CompiledQuery {
  const { values } = key.dialect.bound(columnValue(key, value, key.path), key.kind);
  return { ...query, sql: new Sql(query.sql.texts, values) };
}
