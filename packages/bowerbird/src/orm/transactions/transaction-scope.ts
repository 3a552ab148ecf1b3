import { type QueryRunner } from 'typeorm';

import { TransactionClosedError } from '../orm.errors.js';
import { Gate } from './gate.js';

/** Statements that only read; they may run beside an open inner transaction. */
const READ = /^\s*(select|show|explain)\b(?!.*\bfor\s+(update|share|no\s+key|key\s+share)\b)/is;

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
  /** A number that no savepoint of the transaction has had. */
  nextSavepoint(): number;
  /** Longest wait for an inner transaction, in milliseconds. */
  readonly waitLimit: number;
}

/**
 * A transaction, or a savepoint inside of one. While an inner scope is open, writes of the outer one wait for it to end:
 * SQL's savepoints are a stack, so parallel work may not interleave.
 */
export class TransactionScope {
  private readonly gate: Gate;
  private callbacks: (() => unknown)[] = [];
  private ended = false;

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

  /** Sends a statement as part of this scope. @throws TransactionClosedError after its end */
  async send<R>(sql: string, parameters?: unknown[], structured?: boolean): Promise<R> {
    if (READ.test(sql)) return this.whileOpen(() => this.session.send<R>(sql, parameters, structured));
    return this.gate.through({}, () => this.whileOpen(() => this.session.send<R>(sql, parameters, structured)));
  }

  onCommit(callback: () => unknown): void {
    this.callbacks.push(callback);
  }

  /** Opens a savepoint; waits for another one that is open. */
  async inner(): Promise<TransactionScope> {
    const holder = {};
    await this.gate.enter(holder);
    const name = `bowerbird_${this.session.nextSavepoint()}`;
    try {
      await this.whileOpen(() => this.session.send(`SAVEPOINT ${name}`));
    } catch (error) {
      this.gate.leave(holder);
      throw error;
    }
    const leave = (): void => this.gate.leave(holder);
    return new TransactionScope(this.session, this, savepointEnd(this.session, name, leave));
  }

  /** Keeps what was done and returns the callbacks to run; an inner scope hands them to its parent instead. */
  async commit(): Promise<readonly (() => unknown)[]> {
    await this.close();
    await this.end.commit();
    if (!this.parent) return this.callbacks;
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
    return work();
  }
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
