import { type Class } from '#core';

import { type Annotated } from './compile/annotations.js';
import { type OrderBy } from './expressions/expression.js';
import { type Where } from './q.js';
import { type QueryHandle } from './query-handle.js';

/** What one row of the result is: an entity, a plain object of paths, one bare value, or a pair of which nothing is selected yet. */
export type RowShape =
  | { readonly type: 'entity' }
  | { readonly type: 'pairs' }
  | { readonly type: 'values'; readonly paths: readonly string[]; readonly list?: boolean }
  | { readonly type: 'flat'; readonly path: string };

/** A query by which related rows are loaded. */
export interface StatedQuery {
  readonly engine: object;
  readonly state: QueryState;
}

/** A relation to load by a statement of its own. */
export interface PrefetchRequest {
  readonly path: string;
  /** Which related rows, in which order; all of them without it. With a slice: so many for each row. */
  readonly query?: StatedQuery | undefined;
  /** Of a reference to rows of any entity: how the rows of some of these are loaded. */
  readonly queries?: readonly StatedQuery[] | undefined;
  /** The property that gets the rows instead of the relation's own. */
  readonly as?: string | undefined;
}

/** The fields that are loaded: some, or all but some. */
export interface FieldChoice {
  readonly only: readonly string[] | null;
  readonly deferred: readonly string[];
}

/** What a reader does about rows that somebody else has locked: wait, fail at once, or leave them out. */
export type RowLock = 'wait' | 'nowait' | 'skip-locked';

/** How rows are locked until the transaction ends. */
export interface LockRequest {
  readonly wait: RowLock;
  /** Which rows: `self` for those of the query, and paths of relations. */
  readonly of: readonly string[];
  /** Whether others may still store references to the rows. */
  readonly noKey: boolean;
}

/** Locks the rows of the query itself, as long as it takes. */
export const WAITING_LOCK: LockRequest = { wait: 'wait', of: ['self'], noKey: false };

/** A place in a totally ordered result: the values of the ordering terms of one row. */
export interface Seek {
  readonly direction: 'after' | 'before';
  readonly cursor: string;
}

/** How the rows of several queries are put together. */
export type SetOperation = 'union' | 'union-all' | 'intersection' | 'difference';

/** Queries of values whose rows are those of the result. */
export interface Compound {
  readonly operation: SetOperation;
  readonly parts: readonly QueryState[];
}

/** A relation that a query narrows by a condition, under a name of its own. */
export interface NarrowedRelation {
  readonly name: string;
  /** The relation, and the condition, both from the entity of the query. */
  readonly path: string;
  readonly where: Where;
}

/** Which rows a join keeps that find none on its other side: none, those of the query, those joined, or both. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full';

/** A query whose rows are joined to those of another one, under a name. */
export interface JoinedSource {
  readonly name: string;
  readonly kind: JoinKind;
  readonly source: QueryHandle;
  readonly on: Where;
}

/** Where the rows of a query come from that are not those of its entity, and the names that they have. */
export type Origin =
  | { readonly type: 'rows'; readonly source: QueryHandle; readonly names: readonly string[] }
  | {
      readonly type: 'pairs';
      readonly left: QueryHandle;
      readonly joined: JoinedSource;
      readonly names: readonly string[];
    };

/** Everything that a query says, as data. Each method of a QuerySet makes a new one. */
export interface QueryState<E extends object = object> {
  readonly entity: Class<E>;
  /** One entry for each call of `filter` or `exclude`; all must hold. */
  readonly where: readonly Where[];
  /** The queries whose rows these are; null for rows of the entity itself. */
  readonly compound: Compound | null;
  /** Where its rows come from; null for those of the entity. */
  readonly origin: Origin | null;
  /** Queries that are joined to its rows, in this order. */
  readonly joins: readonly JoinedSource[];
  /** Relations that are narrowed by conditions. */
  readonly narrowed: readonly NarrowedRelation[];
  /** Expressions that the query names. */
  readonly annotations: readonly Annotated[];
  /** Paths whose equal values make a group; null where every row stands for itself. */
  readonly groupBy: readonly string[] | null;
  /** Paths of whose equal values the first row alone counts; null where every row does. */
  readonly distinctOn: readonly string[] | null;
  /** Ordering terms (`-price`); null for the entity's own ordering. */
  readonly order: readonly (string | OrderBy)[] | null;
  readonly reversed: boolean;
  /** Whether the primary key is appended to the ordering. */
  readonly total: boolean;
  readonly seek: Seek | null;
  readonly offset: number;
  /** Largest number of rows; null for no limit. */
  readonly limit: number | null;
  readonly distinct: boolean;
  /** Whether it is known to match nothing, so that no statement is needed. */
  readonly empty: boolean;
  readonly related: readonly string[];
  readonly prefetch: readonly PrefetchRequest[];
  /** Which fields are loaded; null for all. */
  readonly fields: FieldChoice | null;
  /** Whether touching a relation that was not loaded is an error; null for what the settings say. */
  readonly strict: boolean | null;
  readonly shape: RowShape;
  /** Whether the rows stay as they are until the transaction ends. */
  readonly lock: LockRequest | null;
  /** Default scopes of the entity that do not apply: their names, or all of them. */
  readonly unscoped: readonly string[] | 'all';
  /** The name of the zone in which moments are taken apart; null for what the settings say. */
  readonly zone: string | null;
}

/** The state of a query that returns every row of an entity. */
export function initialState<E extends object>(entity: Class<E>): QueryState<E> {
  return {
    entity,
    where: [],
    compound: null,
    origin: null,
    joins: [],
    narrowed: [],
    annotations: [],
    groupBy: null,
    distinctOn: null,
    order: null,
    reversed: false,
    total: false,
    seek: null,
    offset: 0,
    limit: null,
    distinct: false,
    empty: false,
    related: [],
    prefetch: [],
    fields: null,
    strict: null,
    shape: { type: 'entity' },
    lock: null,
    unscoped: [],
    zone: null,
  };
}

/** The state of a query for rows that default scopes hide as well: for code that has to find every row. */
export function unscopedState<E extends object>(entity: Class<E>): QueryState<E> {
  return { ...initialState(entity), unscoped: 'all' };
}

/** Whether a slice was taken, after which conditions and order cannot change. */
export function isSliced(state: QueryState): boolean {
  return state.limit !== null || state.offset > 0;
}

/** What is loaded of the rows of a query. */
export type LoadPlan = Pick<QueryState, 'related' | 'prefetch' | 'fields' | 'strict'>;

/** A plan as text, by which what was compiled for it is found again; undefined when it holds queries, which have none. */
export function loadShape({ related, prefetch, fields, strict }: LoadPlan): string | undefined {
  if (prefetch.some(({ query, queries }) => query ?? queries)) return undefined;
  const later = prefetch.map(({ path, as }) => (as ? `${path} ${as}` : path));
  const chosen = fields ? `${fields.only?.join() ?? '*'} -${fields.deferred.join()}` : '';
  return `${related.join()}|${later.join()}|${chosen}|${strict}`;
}
