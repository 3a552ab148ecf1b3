import { type Operation } from './operations/operation.js';

/** A migration: app and name. */
export type MigrationReference = readonly [app: string, name: string];

/** What a migration file says. */
export interface MigrationOptions {
  /**
   * Migrations that come first: the one before in the same app, and those of other apps. A file that names none of its
   * own app follows the one with the number before its own.
   */
  readonly dependencies?: readonly MigrationReference[];
  /** Migrations of other apps that come later although they do not name this one. */
  readonly runBefore?: readonly MigrationReference[];
  /** Names of the migrations of the same app that this one stands for; `squashmigrations` writes them. */
  readonly replaces?: readonly string[];
  readonly operations: readonly Operation[];
  /** False: each step is committed by itself, also where the database could do all in one transaction. */
  readonly atomic?: boolean;
}

/** The default export of a migration file. */
export class Migration {
  readonly dependencies: readonly MigrationReference[];
  readonly runBefore: readonly MigrationReference[];
  readonly replaces: readonly string[];
  readonly operations: readonly Operation[];
  readonly atomic: boolean;

  constructor({ dependencies = [], runBefore = [], replaces = [], operations, atomic = true }: MigrationOptions) {
    this.dependencies = dependencies;
    this.runBefore = runBefore;
    this.replaces = replaces;
    this.operations = operations;
    this.atomic = atomic;
  }
}
