import { FrameworkError } from '#core';

/** A migration does not come back to where it began: tables or rows differ. */
export class MigrationRoundTripError extends FrameworkError {
  readonly code = 'testing.migration_round_trip';
}
