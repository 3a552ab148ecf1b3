import { type QueryRunner } from 'typeorm';

import { TransactionClosedError } from '../orm.errors.js';
import { joinSubscribers } from './join-subscribers.js';
import { type TransactionScope } from './transaction-scope.js';
import { type Transactions } from './transactions.js';

/**
 * A query runner that takes part in an ambient transaction: it shares the connection, its own transactions are
 * savepoints, and releasing it does nothing. Whatever it does not answer itself falls through to the real runner.
 */
export function joinTransaction(scope: TransactionScope, transactions: Transactions): QueryRunner {
  const real = scope.session.runner;
  const joined = Object.create(real) as QueryRunner;
  const scopes = [scope];
  const innermost = (): TransactionScope => scopes[0]!;
  const changed = (): void => {
    Object.assign(joined, { isTransactionActive: !innermost().isStage });
    transactions.track(joined, scopes.length > 1 ? innermost() : undefined);
  };
  const leave = (): TransactionScope => {
    const left = leaveScope(scopes);
    changed();
    return left;
  };
  const own: Partial<Record<keyof QueryRunner, unknown>> = {
    data: {},
    isReleased: false,
    isTransactionActive: !scope.isStage,
    query: async (sql: string, parameters?: unknown[], structured?: boolean) =>
      innermost().send(sql, parameters, structured),
    startTransaction: async () => {
      scopes.unshift(await innermost().inner());
      changed();
    },
    commitTransaction: async () => {
      const callbacks = await leave().commit();
      await transactions.stage.run(callbacks);
    },
    rollbackTransaction: async () => leave().rollback(),
    release: async () => {
      Object.assign(joined, { isReleased: true });
      while (scopes.length > 1) await leave().rollback();
    },
  };
  Object.assign(joined, own);
  joinSubscribers(joined, transactions);
  return joined;
}

/** The scope that the runner itself opened; the ambient one is not its to end. */
function leaveScope(scopes: TransactionScope[]): TransactionScope {
  if (scopes.length === 1) throw new TransactionClosedError();
  return scopes.shift()!;
}
