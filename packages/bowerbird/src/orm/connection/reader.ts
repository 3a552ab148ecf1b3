import { type DataSource, type QueryRunner } from 'typeorm';

import { type Transactions } from '../transactions/transactions.js';
import { type DirectRead } from './direct-reads.js';
import { type Replicas } from './replicas.js';

/** How often a read is sent again. Few, in case that it is the read that ends its connections. */
const MOST_DEAD = 3;

/** An INSERT may return rows as well, and so may a WITH that changes some. */
const READ = /^[\s(]*(select|explain|show|values)\b/i;

/**
 * Sends single reads, to a replica where there is one. A read whose connection turns out to be dead is sent again by
 * another one, because reading twice changes nothing; inside of a transaction the whole of that is lost instead.
 */
export class Reader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly replicas: Replicas,
    /** Where single reads need no query runner of TypeORM. */
    private readonly direct: DirectRead | undefined,
  ) {}

  read<R>(sql: string, parameters: readonly unknown[]): Promise<R> {
    return (this.directly(sql, parameters, MOST_DEAD) ?? this.byRunner(sql, parameters)) as Promise<R>;
  }

  /** As {@link read}, by the primary, and once: what is asked for may call functions that change something. */
  query<R>(sql: string, parameters: readonly unknown[]): Promise<R> {
    return (this.directly(sql, parameters, 0) ?? this.dataSource.query<R>(sql, [...parameters])) as Promise<R>;
  }

  private directly(sql: string, parameters: readonly unknown[], again: number): Promise<unknown> | undefined {
    return this.direct && !this.transactions.current && READ.test(sql)
      ? this.direct(sql, parameters, again)
      : undefined;
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
