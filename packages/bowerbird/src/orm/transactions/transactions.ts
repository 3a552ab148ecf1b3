import { type DataSource, type QueryRunner } from 'typeorm';

import { ContextKey, contextValue, runWith } from '#core';

import { OnCommitError } from '../orm.errors.js';
import { type TransactionScope } from './transaction-scope.js';

/** Transaction isolation, as TypeORM names it. */
export type Isolation = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/** How {@link Transactions.atomic} runs. */
export interface AtomicOptions {
  /** Inside of another transaction: whether to make a savepoint (the default) or just to join. */
  readonly savepoint?: boolean;
  /** Isolation of an outermost transaction; the database's own by default. */
  readonly isolation?: Isolation;
}

/** The ambient transactions of one data source. */
export class Transactions {
  private readonly key: ContextKey<TransactionScope>;
  private readonly scopes = new WeakMap<QueryRunner, TransactionScope>();

  constructor(
    private readonly dataSource: DataSource,
    alias: string,
    /** Puts an unusable connection away instead of giving it back to the pool. */
    private readonly discard: (runner: QueryRunner, cause: unknown) => Promise<void>,
  ) {
    this.key = new ContextKey(`transaction on ${alias}`);
  }

  /** The innermost open scope of the current flow. Work that outlives its transaction is outside of it. */
  get current(): TransactionScope | undefined {
    let scope = contextValue(this.key);
    while (scope && !scope.open) scope = scope.parent;
    return scope;
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
    return scope && this.current?.session !== scope.session ? runWith(this.key, scope, work) : work();
  }

  /** @see Database.atomic */
  async atomic<R>(work: () => Promise<R>, { savepoint = true, isolation }: AtomicOptions = {}): Promise<R> {
    const outer = this.current;
    if (!outer) return this.outermost(work, isolation);
    if (!savepoint) return work();
    const { result } = await this.within(await outer.inner(), work);
    return result;
  }

  /** @see Database.onCommit */
  async onCommit(callback: () => unknown): Promise<void> {
    const scope = this.current;
    if (scope) scope.onCommit(callback);
    else await callback();
  }

  private async outermost<R>(work: () => Promise<R>, isolation?: Isolation): Promise<R> {
    const { result, callbacks } = await this.withRunner(async (runner) => {
      await runner.startTransaction(isolation);
      return this.within(this.scopes.get(runner)!, work);
    });
    await runCallbacks(callbacks);
    return result;
  }

  private async withRunner<R>(work: (runner: QueryRunner) => Promise<R>): Promise<R> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(runner);
    } finally {
      const unfinished = this.scopes.get(runner);
      await (unfinished ? this.discard(runner, new Error('Transaction not ended')) : runner.release());
    }
  }

  private async within<R>(
    scope: TransactionScope,
    work: () => Promise<R>,
  ): Promise<{ readonly result: R; readonly callbacks: readonly (() => unknown)[] }> {
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

/** Runs every callback, then reports those that failed. @throws OnCommitError */
export async function runCallbacks(callbacks: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const callback of callbacks) {
    try {
      await callback();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new OnCommitError(failures);
}
