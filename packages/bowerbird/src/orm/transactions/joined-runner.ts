import { type QueryRunner } from 'typeorm';

import { TransactionClosedError } from '../orm.errors.js';
import { type TransactionScope } from './transaction-scope.js';
import { runCallbacks } from './transactions.js';

type Broadcaster = QueryRunner['broadcaster'];

/**
 * A query runner that takes part in an ambient transaction: it shares the connection, its own transactions are
 * savepoints, and releasing it does nothing. Whatever it does not answer itself falls through to the real runner.
 */
export function joinTransaction(scope: TransactionScope): QueryRunner {
  const real = scope.session.runner;
  const joined = Object.create(real) as QueryRunner;
  const scopes = [scope];
  const innermost = (): TransactionScope => scopes[0]!;
  const own: Partial<Record<keyof QueryRunner, unknown>> = {
    data: {},
    isReleased: false,
    isTransactionActive: true,
    broadcaster: new (real.broadcaster.constructor as new (runner: QueryRunner) => Broadcaster)(joined),
    query: async (sql: string, parameters?: unknown[], structured?: boolean) =>
      innermost().send(sql, parameters, structured),
    startTransaction: async () => {
      scopes.unshift(await innermost().inner());
    },
    commitTransaction: async () => {
      const callbacks = await leaveScope(scopes).commit();
      await runCallbacks(callbacks);
    },
    rollbackTransaction: async () => leaveScope(scopes).rollback(),
    release: async () => {
      Object.assign(joined, { isReleased: true });
      while (scopes.length > 1) await scopes.shift()!.rollback();
    },
  };
  return Object.assign(joined, own);
}

/** The scope that the runner itself opened; the ambient one is not its to end. */
function leaveScope(scopes: TransactionScope[]): TransactionScope {
  if (scopes.length === 1) throw new TransactionClosedError();
  return scopes.shift()!;
}
