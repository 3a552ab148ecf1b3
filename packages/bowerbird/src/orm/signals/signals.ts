import { Signal, type PlainShape } from '#core';

import { type Dialect } from '../describe/entity-description.js';
import {
  type BulkCreateShape,
  type BulkDeleteShape,
  type BulkUpdateShape,
  type DeleteShape,
  type RelatedShape,
  type SaveShape,
} from './entity-events.js';

/** Before a row is inserted or updated by `save`, `create` or `insert`. A receiver may change it. */
export const preSave = new Signal<SaveShape>('preSave');
/** After a row was inserted or updated. A save that changes nothing is none. */
export const postSave = new Signal<SaveShape>('postSave');
/** Before a loaded row is deleted, or marked as deleted. */
export const preDelete = new Signal<DeleteShape>('preDelete');
/** After a loaded row was deleted, or marked as deleted. */
export const postDelete = new Signal<DeleteShape>('postDelete');
/** Before one call changes rows without loading them: `update` of query sets, repositories and query builders. */
export const preBulkUpdate = new Signal<BulkUpdateShape>('preBulkUpdate');
/** After one call has changed rows without loading them. */
export const postBulkUpdate = new Signal<BulkUpdateShape>('postBulkUpdate');
/** Before one call deletes rows without loading them. */
export const preBulkDelete = new Signal<BulkDeleteShape>('preBulkDelete');
/** After one call has deleted rows without loading them, and for the rows that went with others by cascade. */
export const postBulkDelete = new Signal<BulkDeleteShape>('postBulkDelete');
/** Before one call inserts rows, or changes those that are in the way: `bulkCreate`, and upserts of TypeORM. */
export const preBulkCreate = new Signal<BulkCreateShape>('preBulkCreate');
/** After one call has inserted rows, or changed those that were in the way. */
export const postBulkCreate = new Signal<BulkCreateShape>('postBulkCreate');
/** After the links of a to-many relation have changed: added, removed, set or cleared. */
export const relatedChanged = new Signal<RelatedShape>('relatedChanged');

/** A database is reached. */
export interface ConnectionEvent {
  /** Alias of the database. */
  readonly database: string;
  readonly dialect: Dialect;
}

/** After a database was opened: its first connection stands, and statements may be sent. */
export const connectionCreated = new Signal<PlainShape<ConnectionEvent>>('connectionCreated');

/** Migrations run on a database. */
export interface MigrateEvent {
  /** Alias of the database. */
  readonly database: string;
  /** What is to run, or has run, as `shop.0002_price`; empty where nothing is to do. */
  readonly migrations: readonly string[];
}

/** Before `migrate` runs the first migration of a database, under its lock. */
export const preMigrate = new Signal<PlainShape<MigrateEvent>>('preMigrate');
/** After `migrate` has run the migrations of a database. */
export const postMigrate = new Signal<PlainShape<MigrateEvent>>('postMigrate');
