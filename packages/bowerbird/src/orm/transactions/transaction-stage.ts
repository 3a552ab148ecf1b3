import { plainCallback, runCallbacks, type CommitCallback } from './commit-callbacks.js';
import { type TransactionScope } from './transaction-scope.js';

/**
 * The transaction in which a test runs, to be undone at its end. Everything that is done with the data source meanwhile,
 * in whatever flow, takes part; a stage on top of another one is a savepoint. Code under test does not notice: an
 * `atomic()` on the stage counts as outermost, and its callbacks run when it has ended well.
 */
export class TransactionStage {
  private readonly scopes: TransactionScope[] = [];
  private captured: CommitCallback[] | undefined;

  constructor(
    /** Opens a transaction that somebody else ends. */
    private readonly open: () => Promise<TransactionScope>,
  ) {}

  /** The transaction of the innermost stage. */
  get scope(): TransactionScope | undefined {
    return this.scopes.at(-1);
  }

  /** Begins a stage. */
  async enter(): Promise<void> {
    const scope = await (this.scope?.inner() ?? this.open());
    scope.becomeStage();
    this.scopes.push(scope);
  }

  /** Ends the innermost stage and undoes everything that was done on it. */
  async leave(): Promise<void> {
    const scope = this.scopes.pop();
    if (!scope) return;
    try {
      await scope.rollback();
    } finally {
      if (!scope.parent) await scope.session.runner.release();
    }
  }

  /** Keeps the callbacks that would run while the work goes on, instead of running them. */
  async capture(work: () => Promise<unknown>): Promise<readonly (() => unknown)[]> {
    const before = this.captured;
    const captured: CommitCallback[] = [];
    this.captured = captured;
    try {
      await work();
    } finally {
      this.captured = before;
    }
    return captured.map(plainCallback);
  }

  /** Runs callbacks, or keeps them while somebody captures. @throws OnCommitError */
  async run(callbacks: readonly CommitCallback[]): Promise<void> {
    if (this.captured) this.captured.push(...callbacks);
    else await runCallbacks(callbacks);
  }
}
