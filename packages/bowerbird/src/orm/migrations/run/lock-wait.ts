import { type Duration } from '#core';

import { type Dialect } from '../../describe/entity-description.js';

/** How long a statement waits for a lock on a table unless it is said otherwise. */
export const LOCK_TIMEOUT: Duration = '10s';

/** How often a migration is begun again because it did not get a lock. */
export const LOCK_RETRIES = 20;

/** How to see whose transactions are open. */
export const OPEN_TRANSACTIONS: Readonly<Record<Dialect, string>> = {
  sqlite: 'Another process is writing to the file',
  postgres:
    'See whose: SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start',
  mysql: 'See whose: SELECT * FROM information_schema.innodb_trx ORDER BY trx_started',
};

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
}

/**
 * Whether an error says that a lock was not to be had: 55P03 of PostgreSQL, 1205 of MySQL, SQLITE_BUSY; or that two waited for
 * each other, and this one had to give way: 40P01, 1213.
 */
export function isLockFailure(error: unknown): boolean {
  const { driverError, cause } = (error ?? {}) as { readonly driverError?: DriverError; readonly cause?: unknown };
  if (driverError === undefined) return cause === undefined ? false : isLockFailure(cause);
  return (
    [1205, 1213].includes(Number(driverError.errno)) || /^(55P03|40P01|SQLITE_BUSY)/.test(String(driverError.code))
  );
}
