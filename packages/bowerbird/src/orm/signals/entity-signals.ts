import { type Class, type EventOf, type Signal, type SignalHub, type SignalShape } from '#core';

import { type Dialect, type EntityDescription, type EntityKey } from '../describe/entity-description.js';
import { writtenEntity } from '../describe/written-entity.js';
import { type QuerySet } from '../query/query-set.js';
import { type OnCommitOptions } from '../transactions/commit-callbacks.js';
import { type RelationChange } from '../writes/write-listener.js';
import { isRaw } from './raw-writes.js';
import {
  connectionCreated,
  postBulkCreate,
  postBulkDelete,
  postBulkUpdate,
  postMigrate,
  preBulkCreate,
  preBulkDelete,
  preBulkUpdate,
  preMigrate,
  relatedChanged,
} from './signals.js';

/** What the signals of a database need of it. */
export interface SignalSource {
  readonly alias: string;
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
  onCommit(callback: () => unknown, options?: OnCommitOptions): Promise<void>;
}

/** Rows that one call changes or deletes. */
export interface BulkRows {
  readonly description: EntityDescription;
  readonly keys: readonly EntityKey[];
}

/** Keys of rows that one call has added, and of those that it has changed because they were in the way. */
export type CreationOutcome = Readonly<Record<'created' | 'updated', readonly EntityKey[]>>;

/** What a call says that updates several rows: values that are the same for all of them, or the paths that it sets. */
export interface BulkUpdate {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly changed?: readonly string[];
}

/** The work of a call and what it answers. */
type Work<R> = () => Promise<R>;

/** Sends the signals of the entities of one database, inside of the transaction in which things happen. */
export class EntitySignals {
  constructor(
    private readonly hub: SignalHub,
    private readonly source: SignalSource,
  ) {}

  /** Whether anybody would hear one of some signals of an entity. */
  hears(description: EntityDescription, ...signals: readonly Signal[]): boolean {
    const { target } = writtenEntity(description);
    return signals.some((signal) => this.hub.hears(signal, target));
  }

  /** Whether anybody would hear of rows that an update changes without loading them. */
  hearsUpdates(description: EntityDescription): boolean {
    return this.hears(description, preBulkUpdate, postBulkUpdate);
  }

  /** Whether anybody would hear of rows that a deletion removes without loading them. */
  hearsDeletions(description: EntityDescription): boolean {
    return this.hears(description, preBulkDelete, postBulkDelete);
  }

  /** Whether anybody would hear of rows that one call inserts. */
  hearsCreations(description: EntityDescription): boolean {
    return this.hears(description, preBulkCreate, postBulkCreate);
  }

  /** Whether anybody would hear of rows that go by cascade. */
  hearsCascades(description: EntityDescription): boolean {
    return this.hears(description, postBulkDelete);
  }

  /** Sends a signal of an entity, what all of them say added to the event. */
  async send<F extends SignalShape>(
    signal: Signal<F>,
    description: EntityDescription,
    own: Omit<Extract<EventOf<F>, object>, 'entity' | 'database' | 'raw'>,
  ): Promise<void> {
    const { alias, onCommit } = this.source;
    const { target } = writtenEntity(description);
    const event = Object.defineProperties(
      { entity: target, database: alias, raw: isRaw() },
      Object.getOwnPropertyDescriptors(own),
    );
    await this.hub.send(signal, event, { sender: target, onCommit: onCommit.bind(this.source) });
  }

  /** Runs an update of several rows between its signals. */
  async aroundUpdate<R>(
    rows: BulkRows,
    { values = {}, changed = Object.keys(values) }: BulkUpdate,
    work: Work<R>,
  ): Promise<R> {
    const { description } = rows;
    if (!this.hearsUpdates(description)) return work();
    const event = this.withRows(rows, { values, changed });
    await this.send(preBulkUpdate, description, event);
    const result = await work();
    await this.send(postBulkUpdate, description, event);
    return result;
  }

  /** Runs a deletion of several rows between its signals. */
  async aroundDeletion<R>(rows: BulkRows, soft: boolean, work: Work<R>): Promise<R> {
    const { description, keys } = rows;
    if (!this.hearsDeletions(description)) return work();
    const event = this.withRows(rows, { soft, count: keys.length });
    await this.send(preBulkDelete, description, event);
    const result = await work();
    await this.send(postBulkDelete, description, event);
    return result;
  }

  /** Tells of rows that have gone with others. */
  async cascaded(rows: BulkRows, count: number, cause: string): Promise<void> {
    if (!this.hearsCascades(rows.description)) return;
    await this.send(postBulkDelete, rows.description, this.withRows(rows, { soft: false, count, cause }));
  }

  /** Runs an insert of several rows between its signals. */
  async aroundCreation(
    description: EntityDescription,
    given: readonly object[],
    work: Work<CreationOutcome>,
  ): Promise<void> {
    await this.send(preBulkCreate, description, { given, created: [], updated: [] });
    const outcome = await work();
    await this.send(postBulkCreate, description, { given, ...outcome });
  }

  /** Whether anybody would hear of migrations. */
  get hearsMigrations(): boolean {
    return this.hub.hears(preMigrate) || this.hub.hears(postMigrate);
  }

  /** Tells that the database was opened. */
  async connected(dialect: Dialect): Promise<void> {
    await this.hub.send(connectionCreated, { database: this.source.alias, dialect });
  }

  /** Tells of migrations of the database, as `shop.0002_price`. */
  async migrated(signal: typeof preMigrate, migrations: readonly string[]): Promise<void> {
    await this.hub.send(signal, { database: this.source.alias, migrations });
  }

  /** Tells of links of a row that have changed. */
  async related(description: EntityDescription, key: EntityKey, change: RelationChange): Promise<void> {
    await this.send(relatedChanged, description, { key, ...change });
  }

  /** Adds the keys and the query of the rows, which is made when somebody asks for it. */
  private withRows<T extends object>({ description, keys }: BulkRows, more: T) {
    const { source } = this;
    const { target } = writtenEntity(description);
    return Object.defineProperties(
      {
        keys,
        get rows() {
          return source.objects<object>(target).withoutScopes().filter({ pk__in: keys });
        },
      },
      Object.getOwnPropertyDescriptors(more),
    ) as BulkRows & { readonly rows: QuerySet } & T;
  }
}
