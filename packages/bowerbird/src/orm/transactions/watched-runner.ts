import { type QueryRunner } from 'typeorm';

import { concealed } from '../connection/conceal-values.js';
import { type Send, type StatementWatch } from '../connection/statement-watch.js';
import { ConnectionError } from '../orm.errors.js';
import { Gate } from './gate.js';
import { joinSubscribers } from './join-subscribers.js';
import { reviving } from './reviving.js';
import { TransactionScope, type TransactionSession } from './transaction-scope.js';
import { type Transactions } from './transactions.js';

/** What watched query runners of a data source share. */
export interface RunnerWatch {
  readonly transactions: Transactions;
  /** Longest wait for another transaction, in milliseconds. */
  readonly waitLimit: number;
  readonly watch: StatementWatch;
  /** Makes a way of sending notice what is written, where somebody must know. */
  readonly noting: (send: Send) => Send;
}

/**
 * Makes a query runner of TypeORM tell about its transaction, log its statements where somebody wants to see them, and
 * send one statement at a time while a transaction is open.
 */
export function watchRunner(runner: QueryRunner, parts: RunnerWatch): QueryRunner {
  const { transactions, waitLimit, watch, noting } = parts;
  const lane = new Gate('another statement of the transaction', waitLimit);
  // A failing statement carries its parameters, which may be passwords; here is the one way that all of them take.
  const bare = concealed(reviving(runner, transactions.failures, runner.query.bind(runner))) as Send;
  const send = noting(watch.watched(bare) as Send);
  const session = sessionOf(runner, transactions, waitLimit, (sql) => lane.through({}, () => bare(sql)));
  Object.assign(runner, {
    query: ((sql: string, parameters?: unknown[], structured?: boolean) => {
      // TypeORM puts a runner away whose connection breaks, even inside of a transaction.
      if (runner.isReleased && transactions.scopeOf(runner))
        return Promise.reject(
          new ConnectionError('The connection was lost inside of a transaction; nothing of it is kept'),
        );
      if (!runner.isTransactionActive) return send(sql, parameters, structured as true);
      return lane.through({}, () => send(sql, parameters, structured as true));
    }) as Send,
  });
  watchTransaction(runner, transactions, session);
  joinSubscribers(runner, transactions);
  return runner;
}

function sessionOf(
  runner: QueryRunner,
  { failures }: Transactions,
  waitLimit: number,
  quietly: TransactionSession['quietly'],
): TransactionSession {
  let savepoints = 0;
  return {
    runner,
    waitLimit,
    failsWhole: failures.failsWhole,
    quietly,
    isEnd: (error) => failures.isEnd(error),
    send: (sql, parameters, structured) => runner.query(sql, parameters, structured as true) as Promise<never>,
    nextSavepoint: () => (savepoints += 1),
  };
}

/** Keeps {@link Transactions} informed of the outermost transaction; TypeORM's own savepoints stay inside of it. */
function watchTransaction(runner: QueryRunner, transactions: Transactions, session: TransactionSession): void {
  const start = runner.startTransaction.bind(runner);
  const commit = runner.commitTransaction.bind(runner);
  const rollback = runner.rollbackTransaction.bind(runner);
  let depth = 0;
  const ended = (): void => {
    transactions.scopeOf(runner)?.abandon();
    transactions.track(runner, undefined);
  };
  const end = {
    commit: async (): Promise<void> => {
      await commit();
      depth -= 1;
      ended();
    },
    rollback: async (): Promise<void> => {
      await rollback();
      depth -= 1;
      ended();
    },
  };
  Object.assign(runner, {
    startTransaction: async (isolation?: Parameters<typeof start>[0]) => {
      await startOrReset(runner, start, isolation);
      depth += 1;
      if (depth === 1) transactions.track(runner, new TransactionScope(session, undefined, end));
    },
    commitTransaction: async () => {
      const scope = depth === 1 ? transactions.scopeOf(runner) : undefined;
      if (scope) return transactions.stage.run(await scope.commit());
      await commit();
      depth -= 1;
    },
    rollbackTransaction: async () => {
      const scope = depth === 1 ? transactions.scopeOf(runner) : undefined;
      if (scope) return scope.rollback();
      await rollback();
      depth -= 1;
    },
  });
}

/** TypeORM leaves `isTransactionActive` on when the database refuses to begin; that would end in a second error. */
async function startOrReset(
  runner: QueryRunner,
  start: QueryRunner['startTransaction'],
  isolation: Parameters<QueryRunner['startTransaction']>[0],
): Promise<void> {
  const active = runner.isTransactionActive;
  try {
    await start(isolation);
  } catch (error) {
    Object.assign(runner, { isTransactionActive: active });
    throw error;
  }
}
