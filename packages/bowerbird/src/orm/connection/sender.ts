import { type DataSource, type QueryRunner } from 'typeorm';

import { type Transactions } from '../transactions/transactions.js';
import { type DirectSend, type SendingOptions } from './direct-sends.js';
import { type Replicas } from './replicas.js';

/** How often a read is sent again. Few, in case that it is the read that ends its connections. */
const MOST_DEAD = 3;

/** An INSERT may return rows as well, and so may a WITH that changes some. */
const READ = /^[\s(]*(select|explain|show|values)\b/i;

/**
 * Statements that TypeORM's query runners answer with the rows alone, as the database libraries do; of those with a WITH,
 * the one of `InsertRunner` is known to end in a SELECT.
 */
const ROWS = /^[\s(]*(select|explain|show|values|insert|with bowerbird_referred)\b/i;

/**
 * Sends single statements: those of a transaction by that, reads outside of one to a replica where there is one. A read
 * whose connection turns out to be dead is sent again by another one, because reading twice changes nothing; inside of a
 * transaction the whole of that is lost instead.
 */
export class Sender {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly replicas: Replicas,
    /** Where single statements need no query runner of TypeORM. */
    private readonly direct: DirectSend | undefined,
  ) {}

  read<R>(sql: string, parameters: readonly unknown[]): Promise<R> {
    return (
      this.joined(sql, parameters) ??
      this.directly(READ, sql, parameters, { again: MOST_DEAD, probe: false }) ??
      this.byRunner(sql, parameters)
    );
  }

  /** As {@link read}, by the primary, and once: what is asked for may call functions that change something. */
  query<R>(sql: string, parameters: readonly unknown[]): Promise<R> {
    const options = { again: 0, probe: !READ.test(sql) };
    const sent = this.joined<R>(sql, parameters) ?? this.directly<R>(ROWS, sql, parameters, options);
    return sent ?? this.dataSource.query<R>(sql, [...parameters]);
  }

  /** Sent by the transaction of the current flow, if there is one. */
  private joined<R>(sql: string, parameters: readonly unknown[]): Promise<R> | undefined {
    return this.transactions.current?.send(sql, [...parameters]);
  }

  private directly<R>(
    kind: RegExp,
    sql: string,
    parameters: readonly unknown[],
    options: SendingOptions,
  ): Promise<R> | undefined {
    return this.direct && kind.test(sql) ? (this.direct(sql, parameters, options) as Promise<R>) : undefined;
  }

  private async byRunner<R>(sql: string, parameters: readonly unknown[]): Promise<R> {
    if (!this.isRead(sql)) return this.dataSource.query<R>(sql, [...parameters]);
    for (let dead = 0; ; dead += 1) {
      const runner = this.dataSource.createQueryRunner('slave');
      try {
        return (await runner.query(sql, [...parameters])) as R;
      } catch (error) {
        if (dead >= MOST_DEAD || !(await this.putAway(runner, error))) throw error;
      } finally {
        if (!runner.isReleased) await runner.release();
      }
    }
  }

  /** Whether a statement may run twice. The one connection of SQLite cannot die, and has a faster way. */
  private isRead(sql: string): boolean {
    return this.dataSource.options.type !== 'better-sqlite3' && READ.test(sql);
  }

  /** Whether the statement failed because its connection was dead, which is then not used again. */
  private async putAway(runner: QueryRunner, error: unknown): Promise<boolean> {
    const { failures } = this.transactions;
    const { databaseConnection } = runner as { readonly databaseConnection?: object };
    if (!databaseConnection || !failures.isLost(error)) return false;
    this.replicas.blame(runner, error);
    await failures.discard(runner, error);
    return true;
  }
}
