import { type DataSource, type QueryRunner } from 'typeorm';

import { ContextKey, contextValue, runWith } from '#core';

import { type CommitCallback, type OnCommitOptions } from './commit-callbacks.js';
import { withRetries } from './retries.js';
import { type TransactionFailures } from './transaction-failures.js';
import { type TransactionScope } from './transaction-scope.js';
import { TransactionStage } from './transaction-stage.js';
import { TransactionDurableError } from './transactions.errors.js';

/** Transaction isolation, as TypeORM names it. */
export type Isolation = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/** How {@link Transactions.atomic} runs. */
export interface AtomicOptions {
  /** Inside of another transaction: whether to make a savepoint (the default) or just to join. */
  readonly savepoint?: boolean;
  /** Isolation of an outermost transaction; the database's own by default. */
  readonly isolation?: Isolation;
  /**
   * How often an outermost transaction is run again after a serialization failure, a deadlock or a lock that was not
   * given; 0. The work runs anew from its start, so it must not change anything but the database. An inner one leaves
   * repeating to the outermost.
   */
  readonly retries?: number;
  /** Whether to refuse to run inside of another transaction, so that the work is committed when the call returns. */
  readonly durable?: boolean;
}

/** What a transaction returned, and what waits for its commit. */
interface Outcome<R> {
  readonly result: R;
  readonly callbacks: readonly CommitCallback[];
}

/** The ambient transactions of one data source. */
export class Transactions {
  /** The transaction around the current test, if there is one. */
  readonly stage = new TransactionStage(() => this.open());
  private readonly key: ContextKey<TransactionScope>;
  private readonly scopes = new WeakMap<QueryRunner, TransactionScope>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly alias: string,
    readonly failures: TransactionFailures,
  ) {
    this.key = new ContextKey(`transaction on ${alias}`);
  }

  /** The innermost open scope of the current flow. Work that outlives its transaction is outside of it. */
  get current(): TransactionScope | undefined {
    let scope = contextValue(this.key);
    while (scope && !scope.open) scope = scope.parent;
    return scope ?? this.stage.scope;
  }

  /** Whether the work of the current flow is kept or undone as a whole. */
  get active(): boolean {
    const { current } = this;
    return current !== undefined && !current.isStage;
  }

  /** Remembers the transaction that a query runner has started, or forgets it. */
  track(runner: QueryRunner, scope: TransactionScope | undefined): void {
    if (scope) this.scopes.set(runner, scope);
    else this.scopes.delete(runner);
  }

  /** The open transaction of a query runner. */
  scopeOf(runner: QueryRunner): TransactionScope | undefined {
    return this.scopes.get(runner);
  }

  /** Runs work so that it joins the transaction of a query runner, where that has one. */
  joining<R>(runner: QueryRunner, work: () => R): R {
    const scope = this.scopes.get(runner);
    return scope && !this.current?.isWithin(scope) ? runWith(this.key, scope, work) : work();
  }

  /** @see Database.atomic */
  async atomic<R>(work: () => Promise<R>, options: AtomicOptions = {}): Promise<R> {
    const { savepoint = true, durable = false, retries = 0 } = options;
    const outer = this.current;
    if (!this.active) {
      const rule = { retries, isPassing: (error: unknown) => this.failures.isPassing(error) };
      const { result, callbacks } = await withRetries(rule, () => this.outermost(work, options));
      // Behind the tries: what fails here does not undo what is committed.
      await this.stage.run(callbacks);
      return result;
    }
    if (durable) throw new TransactionDurableError(this.alias);
    if (!savepoint) return work();
    const { result } = await this.within(await outer!.inner(), work);
    return result;
  }

  /** @see Database.onCommit */
  async onCommit(run: () => unknown, { robust = false }: OnCommitOptions = {}): Promise<void> {
    const scope = this.current;
    const callback = { run, robust };
    if (scope && !scope.isStage) scope.onCommit(callback);
    else await this.stage.run([callback]);
  }

  /** A transaction that somebody else ends. */
  private async open(): Promise<TransactionScope> {
    return this.scopes.get(await this.started())!;
  }

  private async outermost<R>(work: () => Promise<R>, { isolation }: AtomicOptions): Promise<Outcome<R>> {
    const stage = this.stage.scope;
    return stage ? this.within(await stage.inner(), work) : this.onRunner(await this.started(isolation), work);
  }

  /** A query runner with an open transaction. */
  private async started(isolation?: Isolation): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction(isolation);
      return runner;
    } catch (error) {
      await this.failures.discard(runner, error);
      throw error;
    }
  }

  private async onRunner<R>(runner: QueryRunner, work: () => Promise<R>): Promise<Outcome<R>> {
    try {
      return await this.within(this.scopes.get(runner)!, work);
    } finally {
      const unfinished = this.scopes.get(runner);
      await (unfinished ? this.failures.discard(runner, new Error('Transaction not ended')) : runner.release());
    }
  }

  private async within<R>(scope: TransactionScope, work: () => Promise<R>): Promise<Outcome<R>> {
    try {
      const result = await runWith(this.key, scope, work);
      return { result, callbacks: await scope.commit() };
    } catch (error) {
      // The first error is what the caller must see; a connection that cannot even roll back is discarded later.
      await scope.rollback().catch(() => undefined);
      throw error;
    }
  }
}
