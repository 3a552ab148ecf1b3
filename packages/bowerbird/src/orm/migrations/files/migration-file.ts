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

/**
 * A hash of what a migration does. It does not change when the file is formatted or compiled; the text of functions
 * is left out of it because compilers change that.
 */
export function checksum({ app, migration }: Pick<MigrationFile, 'app' | 'migration'>): string {
  const operations = migration.operations.map((operation) => printValue(operation.call(app)));
  const text = JSON.stringify([migration.dependencies, operations]);
  return createHash('sha256').update(text).digest('hex');
}
