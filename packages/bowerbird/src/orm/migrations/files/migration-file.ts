import { createHash } from 'node:crypto';

import { type Migration, type MigrationReference } from '../migration.js';
import { printValue } from '../writer/print.js';

/** A migration with its place: the app, its name, and what its file says. */
export interface MigrationFile {
  readonly app: string;
  /** `0002_product_sku`. */
  readonly name: string;
  /** The number in the name. */
  readonly number: number;
  /** Where it was read; a module that the app brought itself has the name alone. */
  readonly url: URL;
  readonly migration: Migration;
}

/** `shop.0002_product_sku`, the key of a migration. */
export function migrationKey({ app, name }: Pick<MigrationFile, 'app' | 'name'>): string {
  return `${app}.${name}`;
}

/** The same for a reference in `dependencies`. */
export function referenceKey([app, name]: MigrationReference): string {
  return `${app}.${name}`;
}

/** The keys of the migrations that a squashed one stands for. */
export function replacedKeys({ app, migration }: Pick<MigrationFile, 'app' | 'migration'>): readonly string[] {
  return migration.replaces.map((name) => `${app}.${name}`);
}

/** The number of the last migration that a file stands for: its own, or the last one that it squashes. */
export function lastNumber({ name, number, migration }: Pick<MigrationFile, 'name' | 'number' | 'migration'>): number {
  const squashed = [name, ...migration.replaces].flatMap((each) => [
    Number.parseInt(each, 10),
    Number(/_squashed_(\d{4,})/.exec(each)?.[1] ?? 0),
  ]);
  return Math.max(number, ...squashed.filter((each) => !Number.isNaN(each)));
}

/** Whether somebody means a migration by its name, the beginning of it, or its number alone. */
export function isMeant({ name, number }: Pick<MigrationFile, 'name' | 'number'>, said: string): boolean {
  return name.startsWith(said) || (/^\d+$/.test(said) && Number(said) === number);
}

/** `0002_product_sku` of a number and what comes after it. */
export function numberedName(number: number, rest: string): string {
  return `${String(number).padStart(4, '0')}_${rest}`;
}

/**
 * A hash of what a migration does. It does not change when the file is formatted or compiled; the text of functions
 * is left out of it because compilers change that, and a reason that is given afterwards is no change either.
 */
export function checksum({ app, migration }: Pick<MigrationFile, 'app' | 'migration'>): string {
  const operations = migration.operations.map((operation) => printValue(operation.content(app)));
  const text = JSON.stringify([migration.dependencies, operations]);
  return createHash('sha256').update(text).digest('hex');
}
