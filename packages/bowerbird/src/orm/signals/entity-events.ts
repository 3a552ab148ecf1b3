import { type Class, type SignalShape } from '#core';

import { type EntityKey } from '../describe/entity-description.js';
import { type QuerySet } from '../query/query-set.js';

/** What every event of an entity says. */
interface EntityEvent<E extends object> {
  readonly entity: Class<E>;
  /** Alias of the database. */
  readonly database: string;
  /** Whether rows are loaded from a fixture: what they need beside themselves comes from there as well. */
  readonly raw: boolean;
}

/** A row is saved. */
export interface SaveEvent<E extends object> extends EntityEvent<E> {
  /** The row itself; before the save a receiver may change it. */
  readonly row: E;
  /** Null before a new row has its key. */
  readonly key: EntityKey | null;
  /** Whether the row is a new one. */
  readonly created: boolean;
  /** Paths of what is written; every path of a new row counts as written, and none is listed. */
  readonly changed: readonly string[];
}

/** A row is deleted. */
export interface DeleteEvent<E extends object> extends EntityEvent<E> {
  /** The row; after the deletion TypeORM has taken its key away. */
  readonly row: E;
  readonly key: EntityKey;
  /** Whether it is only marked as deleted. */
  readonly soft: boolean;
}

/** One call changes several rows without loading them. */
export interface BulkUpdateEvent<E extends object> extends EntityEvent<E> {
  readonly keys: readonly EntityKey[];
  /** The same rows as a query; some hundred thousand of them are no statement. */
  readonly rows: QuerySet<E>;
  /** Paths of what is set. */
  readonly changed: readonly string[];
  /** New values by path, where they are the same for every row. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** One call deletes several rows without loading them. */
export interface BulkDeleteEvent<E extends object> extends EntityEvent<E> {
  /** Of rows that go by cascade the first 1,000 of each deletion. */
  readonly keys: readonly EntityKey[];
  readonly count: number;
  /** The rows as a query; of use before the deletion. */
  readonly rows: QuerySet<E>;
  readonly soft: boolean;
  /** With which rows these go by cascade, as `shelf “A”`; undefined for rows that were to be deleted. */
  readonly cause?: string;
}

/** One call inserts several rows, or changes those that are in the way: `bulkCreate` and upserts. */
export interface BulkCreateEvent<E extends object> extends EntityEvent<E> {
  /** What is stored; before that a receiver may change it. */
  readonly given: readonly object[];
  /** Keys of new rows; known afterwards. */
  readonly created: readonly EntityKey[];
  /** Keys of rows that are others now; known afterwards. */
  readonly updated: readonly EntityKey[];
}

/** Rows are linked to a row, or unlinked from it. */
export interface RelatedEvent<E extends object> extends EntityEvent<E> {
  /** Key of the row whose relation changed. */
  readonly key: EntityKey;
  /** Path of the relation. */
  readonly path: string;
  readonly added: readonly EntityKey[];
  readonly removed: readonly EntityKey[];
}

/** Of `preSave` and `postSave`. */
export interface SaveShape extends SignalShape {
  readonly event: SaveEvent<this['sender']>;
}
/** Of `preDelete` and `postDelete`. */
export interface DeleteShape extends SignalShape {
  readonly event: DeleteEvent<this['sender']>;
}
/** Of `preBulkUpdate` and `postBulkUpdate`. */
export interface BulkUpdateShape extends SignalShape {
  readonly event: BulkUpdateEvent<this['sender']>;
}
/** Of `preBulkDelete` and `postBulkDelete`. */
export interface BulkDeleteShape extends SignalShape {
  readonly event: BulkDeleteEvent<this['sender']>;
}
/** Of `preBulkCreate` and `postBulkCreate`. */
export interface BulkCreateShape extends SignalShape {
  readonly event: BulkCreateEvent<this['sender']>;
}
/** Of `relatedChanged`. */
export interface RelatedShape extends SignalShape {
  readonly event: RelatedEvent<this['sender']>;
}
