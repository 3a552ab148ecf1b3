import { setTimeout as sleep } from 'node:timers/promises';

import { type Database as Connection } from 'better-sqlite3';
import { type DataSource } from 'typeorm';
import { type BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';

import { type Gate } from '../transactions/gate.js';
import { type DriverError } from './database-driver.js';
import { findBrokenReference } from './sqlite-references.js';
import { type SqliteStatements } from './sqlite-statements.js';

const BEGIN = 'BEGIN TRANSACTION';
/** Pause between two attempts to begin while another process writes, in milliseconds. */
const RETRY_PAUSE = 15;

/** What all query runners of one SQLite database share. */
export interface SqliteSharing {
  /** Admits one transaction or one statement at a time: the database has a single connection. */
  readonly gate: Gate;
  readonly statements: SqliteStatements;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly busyTimeout: number;
}

/**
 * A query runner that never mixes its work with that of another one. TypeORM gives every request the same runner on the
 * same connection, so that transactions of different requests run into each other (typeorm #1884).
 */
export class GatedSqliteRunner extends BetterSqlite3QueryRunner {
  constructor(
    driver: BetterSqlite3Driver,
    private readonly sharing: SqliteSharing,
  ) {
    super(driver);
    Object.assign(this, { getStmt: async (sql: string) => this.sharing.statements.get(await this.handle(), sql) });
  }

  override async startTransaction(isolation?: Parameters<BetterSqlite3QueryRunner['startTransaction']>[0]) {
    await this.sharing.gate.enter(this);
    try {
      await super.startTransaction(isolation);
    } catch (error) {
      if (this.transactionDepth === 0) this.sharing.gate.leave(this);
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.sharing.gate.leave(this);
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } finally {
      if (!this.isTransactionActive) this.sharing.gate.leave(this);
    }
  }

  override async query(sql: string, parameters?: unknown[], structured?: boolean): Promise<never> {
    // The write lock is taken at once: asked for later, it fails without waiting when another process has written.
    const text = sql === BEGIN ? 'BEGIN IMMEDIATE' : sql;
    const rows = structured === true ? undefined : this.readAtOnce(text, parameters);
    if (rows) return rows as never;
    const send = (): Promise<never> => super.query(text, parameters, structured) as Promise<never>;
    return this.sharing.gate.through(this, () =>
      this.patiently(send).catch((error: unknown) => this.explain(error, text, parameters)),
    );
  }

  /** Adds to the error of a foreign key which one it is. The gate is still held, so that nobody sees the search. */
  private async explain(error: unknown, sql: string, parameters: readonly unknown[] = []): Promise<never> {
    const { driverError } = error as { readonly driverError?: DriverError };
    if (driverError && /FOREIGN KEY constraint failed/.test(driverError.message)) {
      const reference = findBrokenReference(await this.handle(), sql, parameters);
      if (reference) Object.assign(driverError, reference);
    }
    throw error;
  }

  /**
   * The rows of a statement that reads, without a single step of waiting; undefined where somebody is inside, listens or
   * measures, and where it fails: the long way then does it again and says what is wrong. A statement that failed has
   * done nothing.
   */
  private readAtOnce(sql: string, parameters: readonly unknown[] = []): unknown {
    const { gate, statements } = this.sharing;
    const { dataSource, databaseConnection } = this.driver as { databaseConnection?: Connection } & BetterSqlite3Driver;
    const alone = gate.free || gate.heldBy(this);
    if (!alone || !databaseConnection?.open || this.isReleased || isObserved(dataSource)) return undefined;
    try {
      const statement = statements.get(databaseConnection, sql);
      if (!statement.reader) return undefined;
      const rows = statement.all(...parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
      dataSource.logger.logQuery(sql, [...parameters], this);
      return rows;
    } catch {
      return undefined;
    }
  }

  /** Whoever forgot to end a transaction must not keep everybody else out. */
  override async release(): Promise<void> {
    if (this.sharing.gate.heldBy(this)) await this.giveUp();
    await super.release();
  }

  /** Rolls back whatever is open and lets the next one in. */
  async giveUp(): Promise<void> {
    const connection = await this.handle();
    if (connection.open && connection.inTransaction) connection.exec('ROLLBACK');
    this.isTransactionActive = false;
    this.sharing.gate.leave(this);
  }

  private async handle(): Promise<Connection> {
    return (await this.connect()) as Connection;
  }

  /** Waits for another process that writes, without blocking the event loop as SQLite's own busy timeout does. */
  private async patiently<R>(send: () => Promise<R>): Promise<R> {
    const deadline = performance.now() + this.sharing.busyTimeout;
    for (;;) {
      try {
        return await send();
      } catch (error) {
        const { code } = (error as { readonly driverError?: { readonly code?: string } }).driverError ?? {};
        const retry = code === 'SQLITE_BUSY' && !(await this.handle()).inTransaction && performance.now() < deadline;
        if (!retry) throw error;
      }
      await sleep(RETRY_PAUSE);
    }
  }
}

/** Whether somebody wants to hear of each statement, or of slow ones. */
function isObserved({ options, subscribers }: DataSource): boolean {
  if (options.maxQueryExecutionTime) return true;
  return subscribers.some(({ beforeQuery, afterQuery }) => beforeQuery ?? afterQuery);
}
