import { type DataSource } from 'typeorm';

import { type Class } from '#core';

import { type GenericKinds } from '../content-types/generic-kinds.js';
import { type Dialect, type EntityDescription } from '../describe/entity-description.js';
import { type RowCursor } from '../drivers/row-cursor.js';
import { type Uuid7Source } from '../model/uuid7.js';
import { type LazyLoading } from '../orm.options.js';
import { type LoadWatch } from '../relations/load-watch.js';
import { type EntitySignals } from '../signals/entity-signals.js';
import { type WriteEvent } from '../writes/write-listener.js';
import { type QueryEngine } from './query-engine.js';
import { type QuerySet } from './query-set.js';

/** Tells the write listeners of what changed. */
export interface WriteSink {
  /** Whether anybody wants to hear of the writes of an entity. */
  interested(description: EntityDescription): boolean;
  /** Tells of several rows at once. */
  notifyAll(events: readonly WriteEvent[]): Promise<void>;
  /** Tells how many more rows went by cascade than were told of one by one. */
  notifyUntold(description: EntityDescription, count: number, cause: string): Promise<void>;
}

/** What queries need of a database; `Database` is one. */
export interface QuerySource {
  readonly alias: string;
  readonly dialect: Dialect;
  readonly dataSource: DataSource;
  /**
   * `timeZone`: the zone in which moments are taken apart where a query names none; UTC by default. `adopted`: the data
   * source where the application brought it. `replicas`: the URLs of copies that answer reads.
   */
  readonly config: {
    readonly timeZone?: string;
    readonly adopted?: DataSource | null;
    readonly replicas?: readonly string[];
  };
  readonly writes: WriteSink;
  readonly signals: EntitySignals;
  /** Makes the keys of new rows. */
  readonly uuids: Uuid7Source;
  describe<E extends object>(entity: Class<E>): EntityDescription<E>;
  /** The query set of all rows of an entity. */
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
  /** What is known of content types. */
  readonly kinds: GenericKinds;
  /** Runs a statement on the connection of the ambient transaction, if there is one. Errors are typed. */
  query<R = unknown>(sql: string, parameters?: readonly unknown[]): Promise<R>;
  /** As {@link query}, for statements that only read: a replica may answer. */
  read<R = unknown>(sql: string, parameters?: readonly unknown[]): Promise<R>;
  /** Runs work whose reads must not come from a replica. */
  onPrimary<R>(work: () => R): R;
  /** The rows of a statement, read part by part; undefined where a cursor would keep others waiting. Errors are typed. */
  cursor(sql: string, parameters: readonly unknown[]): Promise<RowCursor | undefined>;
  /** Runs work of the driver with typed errors. */
  mapped<R>(work: () => Promise<R>): Promise<R>;
  /** What runs queries on another database that holds an entity. @throws UnknownDatabaseError, WrongDatabaseError */
  engineOf(alias: string, entity: Class): QueryEngine;
  /** Hears of the rows that queries have loaded, where several databases hold them. */
  readonly loaded: ((rows: readonly object[]) => void) | undefined;
  /** Makes sure that rows may be stored here. @throws WrongDatabaseError, CrossDatabaseError */
  requirePlaced(rows: object): void;
  /** What touching a relation that was not loaded does. */
  readonly lazyLoading: LazyLoading;
  readonly loadWatch: LoadWatch;
  /** Inserts or updates a row. @throws IntegrityError */
  save<T extends object>(entity: T): Promise<T>;
  /** Whether the current flow is inside of a transaction. */
  readonly inTransaction: boolean;
  atomic<R>(work: () => Promise<R>): Promise<R>;
}
