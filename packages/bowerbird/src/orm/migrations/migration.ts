import { type Operation } from './operations/operation.js';

/** A migration of another app that must come first: app and name. */
export type MigrationReference = readonly [app: string, name: string];

/** What a migration file says. */
export interface MigrationOptions {
  /** Migrations of other apps that come first. The one before in the same app always does. */
  readonly dependencies?: readonly MigrationReference[];
  readonly operations: readonly Operation[];
  /** False: each step is committed by itself, also where the database could do all in one transaction. */
  readonly atomic?: boolean;
}

/** The default export of a migration file. */
export class Migration {
  readonly dependencies: readonly MigrationReference[];
  readonly operations: readonly Operation[];
  readonly atomic: boolean;

  constructor({ dependencies = [], operations, atomic = true }: MigrationOptions) {
    this.dependencies = dependencies;
    this.operations = operations;
    this.atomic = atomic;
  }
}
