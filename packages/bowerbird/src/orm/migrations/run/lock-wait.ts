import { type Duration } from '#core';

/** How long a statement waits for a lock on a table unless it is said otherwise. */
export const LOCK_TIMEOUT: Duration = '10s';

/** How often a migration is begun again because it did not get a lock. */
export const LOCK_TRIES = 20;

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
}

/** Whether an error says that a lock was not to be had in time: 55P03 of PostgreSQL, 1205 of MySQL, SQLITE_BUSY. */
export function isLockTimeout(error: unknown): boolean {
  const { driverError, cause } = (error ?? {}) as { readonly driverError?: DriverError; readonly cause?: unknown };
  if (driverError === undefined) return cause === undefined ? false : isLockTimeout(cause);
  return driverError.errno === 1205 || /^(55P03|SQLITE_BUSY)/.test(String(driverError.code));
}
