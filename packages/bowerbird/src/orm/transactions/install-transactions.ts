import { type DataSource, type EntityManager, type QueryRunner, type ReplicationMode } from 'typeorm';

import { letPartialRowsBeWritten } from '../writes/partial-rows.js';
import { joinTransaction } from './joined-runner.js';
import { type Isolation } from './transactions.js';
import { watchRunner, type RunnerWatch } from './watched-runner.js';

/** How query runners of a data source are made. */
export interface RunnerSource extends RunnerWatch {
  readonly dataSource: DataSource;
  /** Makes a runner with a connection of its own. */
  readonly create: (mode: ReplicationMode) => QueryRunner;
  /** Whether `dataSource.transaction()` outside of `atomic()` becomes an `atomic()`. */
  readonly ambient: boolean;
  /** Whether all runners share one connection, so that single statements need no runner of their own. */
  readonly shared: boolean;
}

/** Makes everything that a data source does take part in the ambient transaction. */
export function installTransactions(source: RunnerSource): void {
  const { dataSource, transactions } = source;
  Object.assign(dataSource.driver, {
    createQueryRunner: (mode: ReplicationMode = 'master') => {
      const scope = transactions.current;
      return scope ? joinTransaction(scope, transactions) : watchRunner(source.create(mode), source);
    },
  });
  const createManager = dataSource.createEntityManager.bind(dataSource);
  Object.assign(dataSource, {
    createEntityManager: (runner?: QueryRunner) => ambientManager(createManager(runner), source),
    createQueryRunner: (mode: ReplicationMode = 'master') =>
      withManager(dataSource, dataSource.driver.createQueryRunner(mode)),
  });
  ambientManager(dataSource.manager, source);
  if (source.shared) shareRunner(source);
}

/** TypeORM gives each runner an entity manager. Most send one statement and never use it, so it is made when it is asked for. */
function withManager(dataSource: DataSource, runner: QueryRunner): QueryRunner {
  let manager: EntityManager | undefined;
  return Object.defineProperty(runner, 'manager', {
    get: () => (manager ??= dataSource.createEntityManager(runner)),
    set: (given: EntityManager) => (manager = given),
    configurable: true,
    enumerable: true,
  });
}

/** Sends the single statements outside of transactions by one runner that is kept. */
function shareRunner({ dataSource, transactions }: RunnerSource): void {
  const query = dataSource.query.bind(dataSource) as (...args: Parameters<DataSource['query']>) => Promise<unknown>;
  let kept: QueryRunner | undefined;
  Object.assign(dataSource, {
    query: (...[sql, parameters, runner]: Parameters<DataSource['query']>) => {
      if (runner || transactions.current) return query(sql, parameters, runner);
      kept ??= dataSource.createQueryRunner();
      return kept.query(sql, parameters as unknown[]);
    },
  });
}

type TransactionWork = (manager: EntityManager) => Promise<unknown>;

/** `manager.transaction()` as an `atomic()`, so that what its work does beside the manager joins as well. */
function ambientManager(manager: EntityManager, { dataSource, transactions, ambient }: RunnerSource): EntityManager {
  letPartialRowsBeWritten(manager);
  const original = manager.transaction.bind(manager) as (...args: unknown[]) => Promise<unknown>;
  const transaction = async (...args: readonly unknown[]): Promise<unknown> => {
    const work = args.find((argument) => typeof argument === 'function') as TransactionWork | undefined;
    const isolation = typeof args[0] === 'string' ? (args[0] as Isolation) : undefined;
    const outside = manager.queryRunner !== undefined && !transactions.current;
    if (!work || outside || (!ambient && !transactions.current)) return original(...args);
    return transactions.atomic(() => work(dataSource.createQueryRunner().manager), { isolation });
  };
  return Object.assign(manager, { transaction });
}
