import { createHash } from 'node:crypto';

import { Logger } from '@nestjs/common';

import { type DriverError } from './database-driver.js';

/** How often a statement is sent before it gets a name, as in PostgreSQL's JDBC driver. */
const OFTEN = 5;
/** Statements that are counted at a time; those that come again are counted anew. */
const MOST_COUNTED = 1_000;
/** Characters of the longest statement that gets a name; longer ones are lists of values, each another one. */
const LONGEST = 8_000;
/** Names that are given at most: each costs memory of the server, on every connection. */
const MOST_NAMED = 250;

/** SQLSTATE: there is no prepared statement of this name on the connection; there is one already. */
const UNKNOWN = '26000';
const TAKEN = '42P05';
/** SQLSTATE of "cached plan must not change result type": a table was changed since the statement was parsed. */
const STALE = '0A000';

/**
 * Gives statements that come again and again a name, under which PostgreSQL keeps them parsed and planned on a connection
 * (https://www.postgresql.org/docs/current/sql-prepare.html). The name says what the statement is, so that poolers that
 * hand connections around among processes never run one for the other.
 */
export class StatementNames {
  private readonly logger = new Logger('Database');
  private readonly counts = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private parsings = 0;
  private enabled: boolean;

  constructor(
    private readonly alias: string,
    enabled: boolean,
  ) {
    this.enabled = enabled;
  }

  /**
   * The name of a statement that was sent often enough. Those without parameters get none: what is sent so may be several
   * statements, of which PostgreSQL prepares none.
   */
  of(sql: string, parameters: readonly unknown[]): string | undefined {
    if (!this.enabled || parameters.length === 0 || sql.length > LONGEST) return undefined;
    return this.names.get(sql) ?? this.count(sql);
  }

  /** Whether an error means the name alone, so that the statement was not run and may be sent without it. */
  isToBlame(sql: string, { code, message }: DriverError): boolean {
    if (code === STALE && message.startsWith('cached plan')) {
      this.parsings += 1;
      this.names.delete(sql);
      return true;
    }
    if (code !== UNKNOWN && code !== TAKEN) return false;
    if (this.enabled)
      this.logger.warn(
        `The server of "${this.alias}" does not keep prepared statements from one transaction to the next, as some poolers; they are not used any more. Say so with preparedStatements: false`,
      );
    this.enabled = false;
    return true;
  }

  private count(sql: string): string | undefined {
    const count = (this.counts.get(sql) ?? 0) + 1;
    if (count > OFTEN && this.names.size < MOST_NAMED) return this.name(sql);
    if (this.counts.size >= MOST_COUNTED) this.counts.clear();
    this.counts.set(sql, count);
    return undefined;
  }

  private name(sql: string): string {
    const name = `bowerbird_${createHash('sha256').update(`${this.parsings} ${sql}`).digest('hex').slice(0, 32)}`;
    this.counts.delete(sql);
    this.names.set(sql, name);
    return name;
  }
}
