import { FrameworkError } from '#core';

/** A factory cannot make a row: a value that nobody can guess, a circle of rows, an unknown property or trait. */
export class FactoryError extends FrameworkError {
  readonly code = 'testing.factory';
}
