import { inspect } from 'node:util';

import { type DataSource, type ObjectLiteral } from 'typeorm';

import { type Class, type SignalHub } from '#core';

import { type GenericKinds } from '../content-types/generic-kinds.js';
import { type Descriptions } from '../describe/descriptions.js';
import { type Dialect, type EntityDescription } from '../describe/entity-description.js';
import { type RowCursor } from '../drivers/row-cursor.js';
import { brokenConstraints, type Attempt, type ConstraintQuestion } from '../model/constraints/broken-constraints.js';
import { type BrokenConstraint } from '../model/constraints/constraint-rules.js';
import { requireKept, type ValidateOptions } from '../model/constraints/require-kept.js';
import { type ManagedEntity } from '../model/managed.types.js';
import { rowsClassOf } from '../model/manager-note.js';
import { orderOf, type OrderedRow, type RowOrder } from '../model/positions/row-order.js';
import { SavedPositions } from '../model/positions/saved-positions.js';
import { restoreLoaded, trashLoaded } from '../model/row-trash.js';
import { Uuid7Source } from '../model/uuid7.js';
import { UnknownDatabaseError } from '../orm.errors.js';
import { type DatabaseConfig, type LazyLoading } from '../orm.options.js';
import { type CheckedPrefetch, type RelatedEntity } from '../query/loading.types.js';
import { type FieldName, type OwnPath } from '../query/path.types.js';
import { type Prefetched } from '../query/prefetch.js';
import { QueryEngine } from '../query/query-engine.js';
import { QuerySet } from '../query/query-set.js';
import { refreshRow } from '../query/run/refresh.js';
import { replicateRow } from '../query/run/replicate.js';
import { type LinkOf } from '../relations/linked-rows.types.js';
import { LoadWatch } from '../relations/load-watch.js';
import { engineOf, loadInto, loadOne } from '../relations/load.js';
import { RelatedRows } from '../relations/related-rows.js';
import { TreeRows } from '../relations/trees/tree-rows.js';
import { requirePlaced } from '../routing/placed-rows.js';
import { type Placement } from '../routing/placement.js';
import { EntitySignals } from '../signals/entity-signals.js';
import { type OnCommitOptions } from '../transactions/commit-callbacks.js';
import { type AtomicOptions, type Transactions } from '../transactions/transactions.js';
import { BuilderWrites } from '../writes/builder-writes.js';
import { checkPersistedValues } from '../writes/checked-values.js';
import { Removals } from '../writes/removals.js';
import { RowSaves, type FreshSaveOptions } from '../writes/row-saves.js';
import { UpsertWrites } from '../writes/upsert-writes.js';
import { type WriteNotifier } from '../writes/write-notifier.js';
import { type WriteSubscriber } from '../writes/write-subscriber.js';
import { concealValues } from './conceal-values.js';
import { type DatabaseConnection } from './database-connection.js';
import { mapDatabaseError } from './map-database-error.js';

/** The row that is meant by one row or a list of them. */
type RowOf<T> = T extends readonly (infer R extends object)[] ? R : T;

/** How {@link Database.save} stores rows. */
export interface SaveOptions<T> {
  /** Store these fields and relations alone, and nothing where the row is gone. */
  readonly fields?: readonly OwnPath<T>[];
  /** `insert`: an error where a row with the key is there. `update`: an error where there is none. */
  readonly force?: 'insert' | 'update';
  /** False: no savepoint inside of a transaction, for callers that give all of it up when the write fails. */
  readonly savepoint?: boolean;
  /** Ask for constraints before: the error then tells all that are broken, and no statement has failed. */
  readonly validate?: boolean;
}

/** What a {@link Database} is made of. */
export interface DatabaseParts {
  readonly connection: DatabaseConnection;
  readonly descriptions: Descriptions;
  readonly writes: WriteNotifier;
  readonly placement: Placement;
  /** Every database of the application, once they are built. */
  readonly all: ReadonlyMap<string, Database>;
  readonly hub: SignalHub;
  /** What is known of content types; one for all databases. */
  readonly kinds: GenericKinds;
}

/**
 * One database: its connection, transactions, query sets and typed errors. As a token it injects the default database;
 * others come from {@link Databases}.
 */
export class Database {
  readonly config: DatabaseConfig;
  readonly alias: string;
  readonly dialect: Dialect;
  /** TypeORM's data source; whatever is done with it inside of `atomic()` joins the transaction. */
  readonly dataSource: DataSource;
  readonly descriptions: Descriptions;
  readonly writes: WriteNotifier;
  /** Which databases hold which entities. */
  readonly placement: Placement;
  readonly kinds: GenericKinds;
  /** Hears of the rows that queries have loaded, where it matters from which database. */
  readonly loaded: ((rows: readonly object[]) => void) | undefined;
  readonly signals: EntitySignals;
  /** Makes UUIDs that sort as they were made. */
  readonly uuids = new Uuid7Source();
  private readonly connection: DatabaseConnection;
  private readonly saves = new RowSaves(this);
  private readonly all: ReadonlyMap<string, Database>;
  /** Compiles and runs the queries; for the parts of the orm. */
  readonly queries: QueryEngine;

  constructor({ connection, descriptions, writes, hub, placement, all, kinds }: DatabaseParts) {
    this.kinds = kinds;
    this.placement = placement;
    this.all = all;
    this.connection = connection;
    this.config = connection.config;
    this.alias = connection.config.alias;
    this.dialect = connection.config.dialect;
    this.dataSource = connection.dataSource;
    this.descriptions = descriptions;
    this.writes = writes;
    this.signals = new EntitySignals(hub, this);
    this.queries = new QueryEngine(this);
    this.loaded = placement.isSplit ? (rows) => placement.remember(rows, this.alias) : undefined;
  }

  /** What logs and the shell show of it, nothing of how it is reached. */
  [inspect.custom](): string {
    return `Database "${this.alias}" (${this.dialect})`;
  }

  /** Lets the write listeners hear of what TypeORM itself writes, and checks its values. Called once, when the database is built. */
  watch(subscriber: WriteSubscriber): void {
    const { queries: engine, dataSource, transactions, descriptions, writes, signals } = this;
    const upserts = new UpsertWrites(engine);
    const [removals, positions] = [new Removals(engine), new SavedPositions(engine)];
    subscriber.attach({ descriptions, writes, signals, upserts, removals, positions, engine });
    new BuilderWrites({ dataSource, engine, transactions, descriptions, upserts }).install();
    checkPersistedValues(engine, descriptions, (target) => this.connection.foreign.has(target));
  }

  /** What touching a relation that was not loaded does. */
  get lazyLoading(): LazyLoading {
    return this.config.loading?.lazyLoading ?? 'peers';
  }

  /** Notices work that loads relations row by row. */
  readonly loadWatch = new LoadWatch(() => this.config.loading?.watch === true);

  get transactions(): Transactions {
    return this.connection.transactions;
  }

  /** Opens the connection unless it is open. @throws ConnectionError within the connect timeout */
  async connect(): Promise<void> {
    if (await this.connection.open()) await this.signals.connected(this.dialect);
  }

  /** Closes the connection, unless the application opened it itself. */
  async close(): Promise<void> {
    await this.connection.close();
  }

  /** What is known of an entity. @throws UnknownEntityError */
  describe<E extends object>(entity: Class<E>): EntityDescription<E> {
    return this.descriptions.of(entity);
  }

  /**
   * The query set of all rows of an entity in this database, whatever routers say: of the class that the entity's manager
   * `objects` names, where it names one. @throws WrongDatabaseError
   */
  objects<E extends object, Q extends QuerySet<E>>(entity: ManagedEntity<E, Q>): Q;
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
  objects<E extends object>(entity: Class<E>): QuerySet<E> {
    this.placement.requireHeld(entity, this.alias);
    return QuerySet.of(this.queries, entity).as(rowsClassOf(entity));
  }

  /**
   * Runs work in a transaction and commits it when the work succeeds; any error rolls back and is thrown again.
   * Inside of another `atomic()` it makes a savepoint, or with `savepoint: false` just joins. Everything inside takes
   * part: repositories, query builders, raw queries. Work of several promises runs one statement after another.
   * With `retries` an outermost one is run again after a serialization failure or a deadlock.
   * @throws TransactionBrokenError when a statement failed inside and its error was swallowed
   */
  async atomic<R>(work: () => Promise<R>, options: AtomicOptions = {}): Promise<R> {
    return this.mapped(() => this.transactions.atomic(work, options));
  }

  /**
   * Runs a callback after the outermost transaction has committed, in the order given; forgets it when the
   * transaction or its savepoint is rolled back. Outside of a transaction it runs at once.
   * @throws OnCommitError from what ends the transaction, when a callback fails that is not `robust`
   */
  async onCommit(callback: () => unknown, options?: OnCommitOptions): Promise<void> {
    await this.transactions.onCommit(callback, options);
  }

  /** The last write of the current request, job or command; undefined where nothing was written, or nothing is replicated. */
  get lastWrite(): Date | undefined {
    return this.connection.stickiness.lastWrite;
  }

  /**
   * From now on reads of the current request, job or command stay with the primary, as if something had been written:
   * for what an earlier request wrote at that time.
   */
  stickToPrimary(at?: Date): void {
    this.connection.stickiness.stick(at);
  }

  /** Runs work whose writes need not be seen by reads that may come from a replica: what is only read from the primary. */
  withoutSticking<R>(work: () => R): R {
    return this.connection.stickiness.ignoring(work);
  }

  /** Runs work whose reads must not come from a replica. */
  onPrimary<R>(work: () => R): R {
    return this.connection.stickiness.pin(work);
  }

  /** Whether the current flow is inside of a transaction. */
  get inTransaction(): boolean {
    return this.transactions.active;
  }

  /** Makes sure that rows may be stored here. @throws WrongDatabaseError, CrossDatabaseError */
  requirePlaced(rows: object): void {
    requirePlaced(this, rows);
  }

  /** Makes sure that a row here may refer to another. @throws CrossDatabaseError */
  requireRelated(row: object, related: object): void {
    this.placement.requireRelated(row, this.alias, related);
  }

  /** What runs queries on a database that holds an entity. @throws UnknownDatabaseError, WrongDatabaseError */
  engineOf(alias: string, entity: Class): QueryEngine {
    const database = this.all.get(alias);
    if (!database) throw new UnknownDatabaseError(alias, this.all.keys());
    this.placement.requireHeld(entity, alias);
    return database.queries;
  }

  /**
   * Inserts or updates one row or several, in one transaction, and returns what was given. With `fields` only those are
   * stored, of rows that are there: changes that others made to the rest of the row stay.
   * @throws IntegrityError, WrongDatabaseError, CrossDatabaseError for a relation to a row of another database
   */
  async save<T extends object>(entity: T, options: SaveOptions<RowOf<T>> = {}): Promise<T> {
    this.requirePlaced(entity);
    await this.saves.save(entity, options);
    return entity;
  }

  /**
   * As {@link save} of one row, and gives whether the row has its values as the database keeps them now, as its statement
   * gave them back: a new row has that is stored by one. What triggers do after an INSERT is not among them.
   * @throws IntegrityError, ForeignKeyError where there is no row that the reference `unread` names by its key
   */
  async saveFresh(entity: object, options: FreshSaveOptions = {}): Promise<boolean> {
    this.requirePlaced(entity);
    return this.saves.saveFresh(entity, options);
  }

  /**
   * Removes one row or several of an entity, in one transaction; rows with a deletion date are only marked as deleted.
   * @throws ForeignKeyError when others still refer to it
   */
  async remove<T extends object>(entity: T): Promise<T> {
    const rows = this.trashable(entity);
    if (!rows) return this.forceRemove(entity);
    await this.mapped(() => trashLoaded(this.queries, rows));
    return entity;
  }

  /** Takes the mark of deletion away from one row or several, and from those that went with them. */
  async restore<T extends object>(entity: T): Promise<T> {
    const rows = this.trashable(entity);
    if (rows) await this.mapped(() => restoreLoaded(this.queries, rows));
    return entity;
  }

  /** Removes one row or several for good, in one transaction. @throws ForeignKeyError when others still refer to it */
  async forceRemove<T extends object>(entity: T): Promise<T> {
    return this.mapped(() => this.dataSource.manager.remove(entity as ObjectLiteral)) as Promise<T>;
  }

  /** The rows that were given, where their entity has a deletion date. */
  private trashable(entity: object): readonly object[] | undefined {
    const rows = [entity].flat();
    const [first] = rows;
    return first && this.descriptions.ofRow(first).deletionDate !== null ? rows : undefined;
  }

  /**
   * Reads a row again, into the same object: some fields and relations, or all of its columns and those relations to one
   * row that are loaded. @throws DoesNotExistError when it is gone
   */
  async refresh<T extends object>(row: T, fields?: readonly OwnPath<T>[]): Promise<T> {
    await this.mapped(() => refreshRow(this.queries, row, fields));
    return row;
  }

  /**
   * A copy of a row that is not stored yet: with its values and its relations to one row, without its key, version, dates
   * and lists of related rows.
   */
  replicate<T extends object>(row: T): T {
    return replicateRow(this.queries.model(row.constructor as Class), row);
  }

  /**
   * Which checks, unique sets and exclusions a row would break if it were stored now; for forms, which tell before they
   * save. A condition that cannot be asked this way is left to the database.
   */
  brokenConstraints(question: ConstraintQuestion): readonly BrokenConstraint[] | Promise<readonly BrokenConstraint[]> {
    const { target } = this.descriptions.ofRow(question.row);
    const attempt: Attempt = (work) => (this.inTransaction ? this.atomic(work) : work());
    return brokenConstraints(this.queries, this.queries.model(target), question, attempt);
  }

  /**
   * Makes sure that rows would break no constraint if they were stored now, those of other rows of the list apart (Django's
   * `validate_constraints`). The error is that of the database for the first one; its `broken` has all of them.
   * @throws IntegrityError
   */
  async validateConstraints(rows: object, { exclude = [] }: ValidateOptions = {}): Promise<void> {
    for (const row of [rows].flat() as readonly object[]) await requireKept(this, row, new Set(exclude));
  }

  /** The rows that a to-many relation of a row leads to: a query of them, and what links and unlinks them. */
  related<E extends object, const P extends string>(
    entity: E,
    path: P,
  ): RelatedRows<P extends keyof E ? RelatedEntity<E[P]> : object, P extends keyof E ? LinkOf<E[P]> : object> {
    return new RelatedRows(this, entity, path);
  }

  /** As {@link query}, for statements that only read: a replica may answer. */
  read<R = unknown>(sql: string, parameters: readonly unknown[] = []): Promise<R> {
    return this.connection.sender.read<R>(sql, parameters).catch(this.fail);
  }

  /**
   * A relation of a row, or a field that was left out. Loaded, unless it is there, for all rows of the result that the
   * row came with by one statement.
   */
  load<E extends object, const P extends FieldName<E>>(row: E, path: P): Promise<Awaited<E[P]>> {
    return loadOne(engineOf(row) ?? this.queries, row, path) as Promise<Awaited<E[P]>>;
  }

  /** The rows around one in a tree, by its reference to the row above. @throws QueryUsageError for what is no tree */
  tree<E extends object>(row: E, parent?: FieldName<E>): TreeRows<E> {
    return new TreeRows(this.queries, row, parent);
  }

  /**
   * The order in which rows with a `@PositionColumn` stand: those beside a row, or those of a parent: a row, a key, or values
   * by path where several things make it. @throws QueryUsageError for an entity without positions
   */
  order<E extends object>(entity: Class<E>, parent?: unknown): RowOrder<E>;
  order<E extends object>(row: E): OrderedRow<E>;
  order<E extends object>(of: E | Class<E>, parent?: unknown): RowOrder<E> {
    return orderOf(this.queries, of, parent);
  }

  /** Loads relations of rows that are there already, as `prefetchRelated` does with a query. */
  loadRelated<E extends object, const F extends readonly (string | Prefetched)[]>(
    rows: readonly E[],
    ...requests: F & { readonly [I in keyof F]: CheckedPrefetch<E, F[I]> }
  ): Promise<void> {
    return loadInto(engineOf(rows[0]) ?? this.queries, rows, requests);
  }

  /** Runs SQL in the dialect of the database, on the primary. Parameters replace `?` (SQLite, MySQL) or `$1` (PostgreSQL). */
  query<R = unknown>(sql: string, parameters: readonly unknown[] = []): Promise<R> {
    return this.connection.sender.query<R>(sql, parameters).catch(this.fail);
  }

  /** The rows of a statement, read part by part; undefined where a cursor would keep others waiting. Errors are typed. */
  async cursor(sql: string, parameters: readonly unknown[]): Promise<RowCursor | undefined> {
    return this.mapped(() => this.connection.cursor(sql, parameters));
  }

  /** The typed error for whatever the driver or TypeORM threw; other errors are returned as they are. */
  mapError(error: unknown): unknown {
    return mapDatabaseError(concealValues(error), this.connection.driver, this.descriptions, this.config);
  }

  /** Throws the typed error. */
  private readonly fail = (error: unknown): never => {
    throw this.mapError(error);
  };

  /** Runs work on the database and throws typed errors. */
  async mapped<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw this.mapError(error);
    }
  }
}
