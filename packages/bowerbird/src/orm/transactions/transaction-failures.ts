import { type QueryRunner } from 'typeorm';

import { driverErrorOf, failureOf } from '../connection/map-database-error.js';
import { type DatabaseDriver } from '../drivers/database-driver.js';
import { SerializationError } from '../orm.errors.js';

/** What transactions know of the errors and connections of a database. */
export class TransactionFailures {
  constructor(private readonly driver: DatabaseDriver) {}

  /** Whether the database takes no further statement after one that failed, until it goes back to a savepoint. */
  get failsWhole(): boolean {
    return this.driver.failsWhole;
  }

  /** Puts an unusable connection away instead of giving it back to the pool. */
  async discard(runner: QueryRunner, cause: unknown): Promise<void> {
    await this.driver.discard(runner, cause);
  }

  /** Whether the same transaction may succeed when it is run again. */
  isPassing(error: unknown): boolean {
    return someCause(
      error,
      (one) => one instanceof SerializationError || failureOf(one, this.driver) === 'serialization',
    );
  }

  /** Whether the connection was lost. */
  isLost(error: unknown): boolean {
    return someCause(error, (one) => failureOf(one, this.driver) === 'connection');
  }

  /** Whether an error ended the whole transaction, its savepoints included. */
  isEnd(error: unknown): boolean {
    const driverError = driverErrorOf(error);
    return driverError !== undefined && this.driver.endsTransaction(driverError);
  }
}

/** Whether an error or one of its causes is of a kind. */
function someCause(error: unknown, matches: (error: Error) => boolean): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (matches(one)) return true;
  return false;
}
