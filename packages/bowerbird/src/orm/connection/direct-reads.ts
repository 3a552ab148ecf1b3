import { QueryFailedError } from 'typeorm';

/** Takes connections of a database library from its pool, and sends by them; the library speaks by callbacks. */
export interface PooledConnections<C> {
  /** A free connection. Waits for one no longer than transactions do. */
  take(done: Taken<C>): void;
  send(connection: C, sql: string, parameters: readonly unknown[], done: SentBack): void;
  giveBack(connection: C): void;
  /** Closes a connection that cannot be used again. */
  putAway(connection: C, cause: Error): void;
}

/** What the pool says: an error, or a connection. */
export type Taken<C> = (error: Error | null | undefined, connection?: C) => void;

/** What the library says of a statement: an error, or its rows. */
export type SentBack = (error: Error | null | undefined, rows?: unknown) => void;

/**
 * Sends a statement outside of transactions and gives what the library makes of its rows. `again`: how often it is sent by
 * another connection where its own turns out to be dead.
 */
export type DirectRead = (sql: string, parameters: readonly unknown[], again: number) => Promise<unknown>;

/**
 * Reads by the pool itself. A query runner of TypeORM is made for transactions; with the hooks around it, it costs more
 * than the statement of a single read.
 */
export function directReads<C>(pool: PooledConnections<C>, isLost: (error: Error) => boolean): DirectRead {
  return (sql, parameters, again) =>
    new Promise((resolve, reject) => {
      const attempt = (left: number): void =>
        pool.take((refused, connection) => {
          if (refused) return reject(refused);
          pool.send(connection!, sql, parameters, (error, rows) => {
            if (!error) {
              pool.giveBack(connection!);
              return resolve(rows);
            }
            const lost = isLost(error);
            if (lost) pool.putAway(connection!, error);
            else pool.giveBack(connection!);
            if (lost && left > 0) return attempt(left - 1);
            reject(new QueryFailedError(sql, [...parameters], error));
          });
        });
      attempt(again);
    });
}

/** Answers with what a promise of a connection comes to. */
export async function takeLater<C>(connection: Promise<C>, done: Taken<C>): Promise<void> {
  let taken: C;
  try {
    taken = await connection;
  } catch (error) {
    return done(error as Error);
  }
  done(undefined, taken);
}
