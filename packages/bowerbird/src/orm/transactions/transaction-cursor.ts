import { randomUUID } from 'node:crypto';

import { type RowCursor } from '../drivers/row-cursor.js';
import { TransactionClosedError } from '../orm.errors.js';
import { type TransactionScope } from './transaction-scope.js';

type Row = Record<string, unknown>;

/** Sends a statement as part of the current transaction. */
export type SendStatement = <R>(sql: string, parameters?: readonly unknown[]) => Promise<R>;

/**
 * Reads rows by a cursor of the database inside of a transaction (`DECLARE … CURSOR`): each part is a statement of its
 * own, so that others may run in between. The rows are those of the moment at which it was opened.
 * See https://www.postgresql.org/docs/current/sql-declare.html
 */
export class TransactionCursor implements RowCursor {
  private constructor(
    private readonly name: string,
    private readonly scope: TransactionScope,
    private readonly send: SendStatement,
  ) {}

  static async open(
    scope: TransactionScope,
    send: SendStatement,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<RowCursor> {
    const name = `bowerbird_${randomUUID().replaceAll('-', '')}`;
    await send(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, parameters);
    return new TransactionCursor(name, scope, send);
  }

  /** @throws TransactionClosedError when the transaction has ended meanwhile */
  async next(count: number): Promise<Row[]> {
    if (!this.scope.open) throw new TransactionClosedError();
    return this.send<Row[]>(`FETCH ${count} FROM ${this.name}`);
  }

  async close(): Promise<void> {
    // A transaction that has ended, or broken, has closed it.
    if (this.scope.open) await this.send(`CLOSE ${this.name}`).catch(() => undefined);
  }
}
