import { QueryFailedError, type QueryRunner } from 'typeorm';

import { TransactionClosedError } from '../orm.errors.js';
import { type CommitCallback } from './commit-callbacks.js';
import { Gate } from './gate.js';
import { TransactionBrokenError } from './transactions.errors.js';

/** Statements that only read; they may run beside an open inner transaction. */
const READ = /^\s*(select|show|explain)\b(?!.*\bfor\s+(update|share|no\s+key|key\s+share)\b)/is;

/** "Current transaction is aborted": the statement that broke it has told already. */
const ABORTED_BEFORE = '25P02';

/** How the outermost scope ends its transaction on the connection. */
export interface TransactionEnd {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** What the scopes of one transaction share: its connection, one statement at a time. */
export interface TransactionSession {
  readonly runner: QueryRunner;
  /** Sends one statement; statements queue up. */
  send<R = unknown>(sql: string, parameters?: unknown[], structured?: boolean): Promise<R>;
  /** As {@link send}, unseen by whoever counts statements. */
  quietly(sql: string): Promise<unknown>;
  /** A number that no savepoint of the transaction has had. */
  nextSavepoint(): number;
  /** Longest wait for an inner transaction, in milliseconds. */
  readonly waitLimit: number;
  /** Whether an error ended the whole transaction, its savepoints included: a deadlock on MySQL, a lost connection. */
  isEnd(error: unknown): boolean;
  /** Whether the database takes no further statement after one that failed, until it goes back to a savepoint. */
  readonly failsWhole: boolean;
}

/**
 * A transaction, or a savepoint inside of one. While an inner scope is open, writes of the outer one wait for it to end:
 * SQL's savepoints are a stack, so parallel work may not interleave. After a statement that failed nothing more is sent
 * and nothing is kept, on every database as on PostgreSQL.
 */
export class TransactionScope {
  private readonly gate: Gate;
  private callbacks: CommitCallback[] = [];
  private ended = false;
  private failure: Error | undefined;
  private stage = false;

  constructor(
    readonly session: TransactionSession,
    readonly parent: TransactionScope | undefined,
    private readonly end: TransactionEnd,
  ) {
    this.gate = new Gate('an inner transaction', session.waitLimit);
  }

  get open(): boolean {
    return !this.ended;
  }

  /**
   * Whether the scope only holds what a test does, to undo it: for the work inside there is no transaction, so that a
   * statement that fails there harms nothing.
   */
  get isStage(): boolean {
    return this.stage;
  }

  /** Whether the scope is another one, or inside of it. */
  isWithin(other: TransactionScope): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }

  /** From now on the scope is no transaction for the work inside of it. */
  becomeStage(): void {
    this.stage = true;
  }

  /** Sends a statement as part of this scope. @throws TransactionClosedError after its end, TransactionBrokenError */
  send<R>(sql: string, parameters?: unknown[], structured?: boolean): Promise<R> {
    const send = (): Promise<R> => this.whileOpen(() => this.session.send<R>(sql, parameters, structured));
    if (this.stage) return this.alone(sql, send);
    if (READ.test(sql)) return send();
    return this.gate.through({}, send);
  }

  onCommit(callback: CommitCallback): void {
    this.callbacks.push(callback);
  }

  /** Opens a savepoint; waits for another one that is open. */
  async inner(): Promise<TransactionScope> {
    const holder = {};
    await this.gate.enter(holder);
    const name = this.nextName();
    try {
      await this.whileOpen(() => this.session.send(`SAVEPOINT ${name}`));
    } catch (error) {
      this.gate.leave(holder);
      throw error;
    }
    const leave = (): void => this.gate.leave(holder);
    return new TransactionScope(this.session, this, savepointEnd(this.session, name, leave));
  }

  /**
   * Keeps what was done and returns the callbacks to run; an inner scope hands them to its parent instead.
   * @throws TransactionBrokenError when a statement failed
   */
  async commit(): Promise<readonly CommitCallback[]> {
    await this.close();
    if (this.failure) throw new TransactionBrokenError(this.failure);
    await this.end.commit();
    if (!this.parent || this.parent.stage) return this.callbacks;
    this.parent.callbacks.push(...this.callbacks);
    return [];
  }

  /** Undoes what was done and forgets its callbacks. */
  async rollback(): Promise<void> {
    this.callbacks = [];
    try {
      await this.close();
    } finally {
      await this.end.rollback();
    }
  }

  /** Marks the scope as ended by somebody else, without a statement. */
  abandon(): void {
    this.ended = true;
  }

  /** Refuses new statements and waits for those under way. */
  private async close(): Promise<void> {
    this.ended = true;
    const holder = {};
    await this.gate.enter(holder);
    this.gate.leave(holder);
  }

  private async whileOpen<R>(work: () => Promise<R>): Promise<R> {
    if (this.ended) throw new TransactionClosedError();
    if (this.failure) throw new TransactionBrokenError(this.failure);
    try {
      return await work();
    } catch (error) {
      this.note(error);
      throw error;
    }
  }

  /** Remembers a statement that failed. Errors of the queue in front of the database are none. */
  private note(error: unknown): void {
    if (!(error instanceof QueryFailedError)) return;
    const whole = this.session.isEnd(error);
    if (!whole && (this.stage || isEcho(error))) return;
    this.failure ??= error;
    if (whole) this.parent?.note(error);
  }

  /** Sends a statement so that its failure leaves the transaction as it was; one of an open inner scope has its own. */
  private async alone<R>(sql: string, send: () => Promise<R>): Promise<R> {
    if (READ.test(sql) && !this.gate.free) return send();
    return this.gate.through({}, () => (this.session.failsWhole ? this.inSavepoint(send) : send()));
  }

  private async inSavepoint<R>(send: () => Promise<R>): Promise<R> {
    const name = this.nextName();
    const { session } = this;
    await session.quietly(`SAVEPOINT ${name}`);
    try {
      const result = await send();
      await session.quietly(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      // The first error is what the caller must see.
      await session.quietly(`ROLLBACK TO SAVEPOINT ${name}`).catch(() => undefined);
      throw error;
    }
  }

  private nextName(): string {
    return `bowerbird_${this.session.nextSavepoint()}`;
  }
}

function isEcho({ driverError }: QueryFailedError): boolean {
  return (driverError as { readonly code?: string }).code === ABORTED_BEFORE;
}

function savepointEnd(session: TransactionSession, name: string, leave: () => void): TransactionEnd {
  const finish = async (...statements: string[]): Promise<void> => {
    try {
      for (const sql of statements) await session.send(sql);
    } finally {
      leave();
    }
  };
  return {
    commit: () => finish(`RELEASE SAVEPOINT ${name}`),
    rollback: () => finish(`ROLLBACK TO SAVEPOINT ${name}`, `RELEASE SAVEPOINT ${name}`),
  };
}
