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

/** What is done about connections that turn out to be dead. */
export interface SendingOptions {
  /** How often the statement is sent by another connection, because running it twice changes nothing. */
  readonly again: number;
  /**
   * Whether a connection that has not answered for a while is asked first, because nobody would know whether the statement
   * was run.
   */
  readonly probe: boolean;
}

/** Sends a statement outside of transactions and gives what the library makes of its rows. */
export type DirectSend = (sql: string, parameters: readonly unknown[], options: SendingOptions) => Promise<unknown>;

/** How long after an answer a connection counts as alive, in milliseconds (HikariCP's `aliveBypassWindowMs`). */
const FRESH = 500;
/** How many connections are asked for a live one: as many of a pool may have died unnoticed. */
const MOST_PROBED = 20;

/**
 * Sends single statements by the pool itself. A query runner of TypeORM is made for transactions; with the hooks around
 * it, it costs more than the statement.
 */
export function directSends<C extends object>(
  pool: PooledConnections<C>,
  isLost: (error: Error) => boolean,
): DirectSend {
  const answered = new WeakMap<C, number>();
  const release = (connection: C, error: Error | null | undefined): boolean => {
    const lost = error ? isLost(error) : false;
    if (lost) pool.putAway(connection, error!);
    else {
      answered.set(connection, performance.now());
      pool.giveBack(connection);
    }
    return lost;
  };
  const isFresh = (connection: C): boolean => performance.now() - (answered.get(connection) ?? -FRESH) < FRESH;
  return (sql, parameters, { again, probe }) =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new QueryFailedError(sql, [...parameters], error));
      const send = (connection: C, left: number): void =>
        pool.send(connection, sql, parameters, (error, rows) => {
          const lost = release(connection, error);
          if (!error) resolve(rows);
          else if (lost && left > 0) attempt(left - 1);
          else fail(error);
        });
      const ask = (connection: C, left: number): void =>
        pool.send(connection, 'SELECT 1', [], (error) => {
          if (!error) return send(connection, 0);
          if (release(connection, error) && left > 0) return attempt(left - 1);
          fail(error);
        });
      const attempt = (left: number): void =>
        pool.take((refused, connection) => {
          if (refused) reject(refused);
          else if (probe && !isFresh(connection!)) ask(connection!, left);
          else send(connection!, probe ? 0 : left);
        });
      attempt(probe ? MOST_PROBED : again);
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
