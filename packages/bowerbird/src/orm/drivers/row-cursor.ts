import { type Readable } from 'node:stream';

import { type QueryRunner } from 'typeorm';

/** A row as the driver gives it. */
type Row = Record<string, unknown>;

/** The rows of one statement, read some at a time. */
export interface RowCursor {
  /** The next rows, `count` of them unless fewer are left. */
  next(count: number): Promise<Row[]>;
  /** Ends the statement, which may have rows left. */
  close(): Promise<void>;
}

/** Reads what a query runner streams; the connection is its own until the end. */
export class StreamCursor implements RowCursor {
  private ended = false;

  private constructor(
    private readonly runner: QueryRunner,
    private readonly rows: AsyncIterator<Row>,
    private readonly discard: (runner: QueryRunner) => Promise<void>,
  ) {}

  /** `discard` puts away a connection that still has rows to send. */
  static async open(
    runner: QueryRunner,
    sql: string,
    parameters: readonly unknown[],
    discard: (runner: QueryRunner) => Promise<void>,
  ): Promise<RowCursor> {
    try {
      const stream: Readable = await runner.stream(sql, [...parameters]);
      return new StreamCursor(runner, stream[Symbol.asyncIterator]() as AsyncIterator<Row>, discard);
    } catch (error) {
      await discard(runner);
      throw error;
    }
  }

  async next(count: number): Promise<Row[]> {
    const rows: Row[] = [];
    while (rows.length < count) {
      const { done, value } = await this.rows.next();
      if (done) {
        this.ended = true;
        break;
      }
      rows.push(value);
    }
    return rows;
  }

  async close(): Promise<void> {
    await (this.ended ? this.runner.release() : this.discard(this.runner));
  }
}
