import { TRASH_SCOPE, type FieldKind } from '../../describe/entity-description.js';
import { type Annotated } from '../compile/annotations.js';
import { PathExpression } from '../expressions/expression.js';
import { columnValue } from '../lookups/column-value.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { PRIMARY_KEY } from '../model/resolve-path.js';
import { loadShape, type QueryState } from '../query-state.js';
import { Sql } from '../sql/sql.js';
import { type CompiledQuery } from './fetch.js';

/** Kinds of keys that are compared by the same text whatever the value is. */
const PREPARED: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'uuid']);

/** Shapes kept for each entity. */
const KEPT = 100;

type Key = string | number | bigint;

/**
 * The commonest queries, those of one row by its key and of all rows in an order: compiled once for each shape, then at
 * most given another key.
 */
export class KnownQueries {
  private readonly byModel = new WeakMap<EntityModel, Map<string, CompiledQuery>>();

  /**
   * The query of a state, by `compile` where it is a new one or says more than that. `purpose` tells statements apart that
   * are made of one state. @throws BadLookupValueError
   */
  of<Q extends CompiledQuery>(model: EntityModel, state: QueryState, compile: () => Q, purpose = ''): Q {
    const key = keyOf(model, state);
    if (key === undefined || hasOwnScopes(model)) return compile();
    const ownShape = shapeOf(state);
    if (ownShape === undefined) return compile();
    const shape = purpose + ownShape;
    const known = this.byModel.get(model) ?? new Map<string, CompiledQuery>();
    this.byModel.set(model, known);
    const found = known.get(shape) as Q | undefined;
    if (found) return key === null ? found : withKey(found, model.primary[0]!, key);
    const made = compile();
    if (known.size >= KEPT) known.clear();
    if (made.sql.values.length === (key === null ? 0 : 1)) known.set(shape, made);
    return made;
  }
}

/** Whether its rows depend on scopes of its own, whose conditions may be others each time. */
function hasOwnScopes({ description }: EntityModel): boolean {
  return description.scopes.some(({ name }) => name !== TRASH_SCOPE);
}

/** The key that a query asks for; null for one without conditions, undefined for one with others. */
function keyOf(model: EntityModel, { where }: QueryState): Key | null | undefined {
  const [only, ...others] = where;
  if (only === undefined) return null;
  const [key, ...rest] = model.primary;
  if (others.length > 0 || rest.length > 0 || only.op !== 'lookups' || !PREPARED.has(key!.kind)) return undefined;
  const [lookup, ...more] = Object.entries(only.lookups);
  if (!lookup || more.length > 0) return undefined;
  const [name, value] = lookup;
  if (columnOf(model, name) !== key) return undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

function columnOf({ primary, columns, metadata }: EntityModel, name: string): ColumnModel | undefined {
  return name === PRIMARY_KEY && !(name in metadata.propertiesMap) ? primary[0] : columns.get(name);
}

/** What tells the text of a query from that of others, its key aside; undefined where more than this decides. */
function shapeOf(state: QueryState): string | undefined {
  const { compound, origin, seek, distinct, distinctOn, lock, groupBy, narrowed, joins, shape, zone } = state;
  if (shape.type !== 'entity' || compound || origin || seek || distinct || distinctOn || lock || groupBy)
    return undefined;
  if (narrowed.length > 0 || joins.length > 0 || zone !== null) return undefined;
  const loaded = loadShape(state);
  const order = orderShape(state.order);
  const named = annotationShape(state.annotations);
  if (loaded === undefined || order === undefined || named === undefined) return undefined;
  const { where, limit, offset, total, reversed, unscoped } = state;
  return JSON.stringify([where.length, loaded, order, named, limit, offset, total, reversed, unscoped]);
}

function orderShape(order: QueryState['order']): string | undefined {
  return order === null || order.every((term) => typeof term === 'string') ? JSON.stringify(order) : undefined;
}

function annotationShape(annotations: readonly Annotated[]): string | undefined {
  if (annotations.length === 0) return '';
  const shapes = annotations.map(({ name, expression, selected }) =>
    expression.constructor === PathExpression
      ? `${name}=${(expression as PathExpression).path} ${selected}`
      : undefined,
  );
  return shapes.includes(undefined) ? undefined : JSON.stringify(shapes);
}

function withKey<Q extends CompiledQuery>(query: Q, key: ColumnModel, value: Key): Q {
  const { values } = key.dialect.bound(columnValue(key, value, key.path), key.kind);
  return { ...query, sql: new Sql(query.sql.texts, values) };
}
