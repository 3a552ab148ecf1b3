import { type Class } from '#core';

import { type EntityKey } from '../../describe/entity-description.js';
import { DoesNotExistError, RowOrderError } from '../../orm.errors.js';
import { type RawKey } from '../../query/compile/keys.js';
import { keyValues } from '../../query/lookups/key-values.js';
import { type EntityModel } from '../../query/model/entity-model.js';
import { type Where } from '../../query/q.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { QuerySet } from '../../query/query-set.js';
import { initialState, unscopedState, type QueryState } from '../../query/query-state.js';
import { QueryUsageError } from '../../query/query.errors.js';
import { fetchAll } from '../../query/run/fetch.js';
import { updateObserved } from '../../query/run/observed.js';
import { fetchPlaced } from '../../query/run/page.js';
import { RowTable } from '../../query/run/row-changes.js';
import { lockKeys } from '../../query/run/written-keys.js';
import { entityKey } from '../../query/run/written.js';
import { WRITE_DIALECTS } from '../../query/sql/write-dialect.js';
import { type RelatedRow } from '../../writes/related-set.js';
import { nameOf, placesOf, positionModel, type PositionModel } from './position-model.js';

/** What makes rows those of one parent, by path: a row, a key, a value, or null. */
type ParentValues = Readonly<Record<string, unknown>>;

/** The order of the rows of one parent (Django's `get_RELATED_order` and `set_RELATED_order`). */
export class RowOrder<E extends object> {
  protected readonly place: PositionModel;

  /** @throws QueryUsageError for an entity without positions */
  constructor(
    protected readonly engine: QueryEngine,
    protected readonly model: EntityModel,
    private readonly parent: () => Promise<ParentValues>,
  ) {
    this.place = requirePlaces(model);
  }

  /** The query of the rows, in their order. */
  async rows(): Promise<QuerySet<E>> {
    const { engine, model } = this;
    const all = QuerySet.of(engine, model.description.target as Class<E>);
    return all
      .untyped()
      .filter(lookupsOf(await this.parent()))
      .orderBy(...this.terms()) as unknown as QuerySet<E>;
  }

  /** The keys of the rows, in their order. */
  async keys(): Promise<readonly EntityKey[]> {
    const { engine, model } = this;
    const { primaryKey } = model.description;
    const shape = { type: 'values', paths: model.primary.map(({ path }) => path), list: true } as const;
    const state: QueryState = { ...this.stateOf(await this.parent()), order: this.terms(), shape };
    return ((await fetchAll(engine, state)) as readonly RawKey[]).map((key) => entityKey(primaryKey, key));
  }

  /**
   * Puts the rows into an order, given as rows or keys: all of them, each once. Signals and listeners hear of those that
   * change places. The number of statements does not depend on the number of rows. @throws RowOrderError
   */
  async set(order: readonly RelatedRow[]): Promise<void> {
    const { engine, model, place } = this;
    const wanted = order.map((row) => nameOf(keyValues(model.primary, row, 'pk')));
    await engine.source.atomic(async () => {
      const keys = await lockKeys(engine, this.stateOf(await this.parent()));
      const held = new Map((await placesOf(engine, place, keys)).map((row) => [nameOf(row.key), row]));
      this.requireAll(wanted, held);
      const moved = wanted.flatMap((name, position) => {
        const row = held.get(name)!;
        return row.position === position ? [] : [{ key: row.key, position }];
      });
      await store(engine, place, moved);
    });
  }

  protected terms(): readonly [string, ...string[]] {
    return [this.place.column.path, 'pk'];
  }

  private stateOf(parent: ParentValues): QueryState {
    return { ...initialState(this.model.description.target), where: whereOf(parent) };
  }

  private requireAll(wanted: readonly string[], held: ReadonlyMap<string, Placed>): void {
    const { name } = this.model;
    const known = new Set(wanted);
    const strangers = wanted.filter((key) => !held.has(key));
    const missing = [...held.keys()].filter((key) => !known.has(key));
    if (known.size < wanted.length) throw new RowOrderError(name, 'a row is given twice');
    if (strangers.length > 0) throw new RowOrderError(name, `${shown(strangers)} is not among the rows`);
    if (missing.length > 0) throw new RowOrderError(name, `${shown(missing)} is missing`);
  }
}

/** The order in which a row stands, seen from it. */
export class OrderedRow<E extends object> extends RowOrder<E> {
  constructor(
    engine: QueryEngine,
    model: EntityModel,
    private readonly row: E,
  ) {
    super(engine, model, () => parentOf(engine, requirePlaces(model), row));
  }

  /** The row behind it, or null (Django's `get_next_in_order`). @throws DoesNotExistError when the row itself is gone */
  next(): Promise<E | null> {
    return this.beside('after');
  }

  /** The row before it, or null (Django's `get_previous_in_order`). @throws DoesNotExistError when the row itself is gone */
  previous(): Promise<E | null> {
    return this.beside('before');
  }

  private async beside(direction: 'after' | 'before'): Promise<E | null> {
    const { engine, model } = this;
    const { target } = model.description;
    const order = [this.place.column.path];
    const own: Where = { op: 'lookups', lookups: { pk: this.row } };
    const { rows, cursorAt } = await fetchPlaced(engine, {
      ...unscopedState(target),
      where: [own],
      order,
      total: true,
    });
    if (rows.length === 0) throw new DoesNotExistError(model.name);
    const where = whereOf(await parentOf(engine, this.place, this.row));
    const seek = { direction, cursor: cursorAt(0) } as const;
    const [found] = await fetchAll(engine, { ...initialState(target), where, order, total: true, seek, limit: 1 });
    return (found as E | undefined) ?? null;
  }
}

/** A key and its position. */
interface Placed {
  readonly key: RawKey;
  readonly position: number;
}

/** The order of the rows beside a row, or of those of a parent. @throws QueryUsageError */
export function orderOf<E extends object>(engine: QueryEngine, of: E | Class<E>, parent: unknown): RowOrder<E> {
  if (typeof of !== 'function') return new OrderedRow(engine, engine.model(of.constructor as Class), of);
  const model = engine.model(of);
  const values = givenParent(model, parent);
  return new RowOrder<E>(engine, model, () => Promise.resolve(values));
}

function givenParent({ name, description }: EntityModel, parent: unknown): ParentValues {
  const within = description.position?.within ?? [];
  const [path, ...more] = within;
  if (path === undefined) {
    if (parent === undefined) return {};
    throw new QueryUsageError(`The rows of ${name} stand in one order and have no parent`);
  }
  if (parent === undefined)
    throw new QueryUsageError(`The rows of ${name} are ordered within ${within.join(', ')}`, {
      hint: `Give it: order(${name}, …), or null for rows without`,
    });
  if (more.length === 0) return { [path]: parent };
  const values = (parent ?? {}) as ParentValues;
  return Object.fromEntries(within.map((each) => [each, values[each] ?? null]));
}

/** What makes the parent of a stored row. @throws DoesNotExistError */
async function parentOf(engine: QueryEngine, place: PositionModel, row: object): Promise<ParentValues> {
  const { model, within } = place;
  const [found] = await placesOf(engine, place, [keyValues(model.primary, row, 'pk')]);
  if (!found) throw new DoesNotExistError(model.name);
  const value = (column: (typeof within)[number]): unknown => found.group[within.indexOf(column)];
  const entries = model.description.position!.within.map((path): readonly [string, unknown] => {
    const relation = model.relation(path);
    if (!relation) return [path, value(model.columns.get(path)!)];
    const values = relation.pairs.map(({ own }) => value(own));
    if (values.includes(null)) return [path, null];
    if (values.length === 1) return [path, values[0]];
    const key = {};
    relation.pairs.forEach(({ target }, index) => target.metadata.setEntityValue(key, values[index]));
    return [path, key];
  });
  return Object.fromEntries(entries);
}

function lookupsOf(parent: ParentValues): Readonly<Record<string, unknown>> {
  const entries = Object.entries(parent);
  return Object.fromEntries(
    entries.map(([path, value]) => (value === null ? [`${path}__isnull`, true] : [path, value])),
  );
}

function whereOf(parent: ParentValues): readonly Where[] {
  const lookups = lookupsOf(parent);
  return Object.keys(lookups).length === 0 ? [] : [{ op: 'lookups', lookups }];
}

/** Writes positions by as few statements as databases take, and tells of the rows. */
async function store(engine: QueryEngine, { model, column }: PositionModel, rows: readonly Placed[]): Promise<void> {
  if (rows.length === 0) return;
  const places = new Map(rows.map(({ key, position }) => [key, position]));
  const state = unscopedState(model.description.target);
  const changes = { model, state, columns: [{ column, path: column.path }], set: {} };
  const change = (keys: readonly RawKey[]) => {
    const cells = keys.map((key) => [...key, places.get(key)]);
    return engine.change(WRITE_DIALECTS[engine.dialect.name].update(new RowTable(changes, cells)));
  };
  await updateObserved(engine, model, [...places.keys()], change, { changed: [column.path] });
}

function requirePlaces(model: EntityModel): PositionModel {
  const place = positionModel(model);
  if (place) return place;
  throw new QueryUsageError(`The rows of ${model.name} stand in no order of their own`, {
    hint: 'Give it a @PositionColumn',
  });
}

/** The first of some keys, and how many there are beside it. */
function shown([first, ...more]: readonly string[]): string {
  const key = (JSON.parse(first!) as readonly string[]).join('/');
  return more.length === 0 ? key : `${key} (and ${more.length} more)`;
}
