import { type QueryRunner } from 'typeorm';

import { type Send } from '../connection/statement-watch.js';
import { type TransactionFailures } from './transaction-failures.js';

/** Statements after whose failure nothing has happened, with how often they are sent again. */
const SAFE: readonly { readonly pattern: RegExp; readonly built: boolean; readonly times: number }[] = [
  // As many connections of a pool may have died unnoticed.
  { pattern: /^(START|BEGIN|SET TRANSACTION)\b/, built: false, times: 20 },
  // TypeORM's own selections, which call no functions. Few, in case that it is the read that ends its connections.
  { pattern: /^SELECT\b/, built: true, times: 3 },
];

/**
 * Sends the first statement of a query runner again by another connection, when the one that came from the pool turns
 * out to be dead. Later statements rely on what was done before by the same connection.
 */
export function reviving(runner: QueryRunner, failures: TransactionFailures, send: Send): Send {
  let fresh = true;
  return ((sql: string, parameters?: unknown[], structured?: boolean) => {
    const safe = fresh && SAFE.find(({ pattern, built }) => pattern.test(sql) && (!built || structured));
    fresh = false;
    const once = (): Promise<unknown> => send(sql, parameters, structured as true);
    return safe ? again(runner, failures, once, safe.times) : once();
  }) as Send;
}

async function again(
  runner: QueryRunner,
  failures: TransactionFailures,
  send: () => Promise<unknown>,
  times: number,
): Promise<unknown> {
  try {
    return await send();
  } catch (error) {
    const { databaseConnection } = runner as { readonly databaseConnection?: object };
    if (times === 0 || !databaseConnection || !failures.isLost(error)) throw error;
    await failures.discard(runner, error);
    Object.assign(runner, { isReleased: false, databaseConnection: undefined, databaseConnectionPromise: undefined });
  }
  return again(runner, failures, send, times - 1);
}
