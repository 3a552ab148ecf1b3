import { NoteKey, type AnyClass, type Class } from '#core';

import { type Migration } from '../migrations/migration.js';

/** A migration that was imported, with the name of its file: `['0001_initial', initial]`. */
export type NamedMigration = readonly [name: string, migration: Migration];

/** Migrations that the app imports itself, and the folder in which new ones are written. */
export interface BundledMigrations {
  /** Where new ones are written; `migrations/<name>/` under the root by default. */
  readonly folder?: URL;
  readonly files: readonly NamedMigration[];
}

/** What `@App` says of an application's part: a Nest module that owns entities, templates and migrations. */
export interface AppOptions {
  /** Short and unique, lower case: prefix of entity keys (`shop.product`), permissions, tables' migrations and URLs. */
  readonly name: string;
  /** What people read; made from the name when absent. */
  readonly label?: string;
  /** The entity classes that the app owns. An entity belongs to exactly one app. */
  readonly entities?: readonly Class[];
  /**
   * Folder of its migrations; `migrations/<name>/` under the root by default; false for none. A program that is bundled
   * into one file has no such folder: it lists the migrations that it imports.
   */
  readonly migrations?: URL | readonly NamedMigration[] | BundledMigrations | false;
  /**
   * Whether a file beside its migrations, `latest.txt`, names the newest one, so that two branches of the repository which
   * both bring a migration are in conflict where they are merged, and not where they are deployed; false.
   */
  readonly linearMigrations?: boolean;
  /** Folder of its templates. */
  readonly templates?: URL;
  /** Folder of its static files. */
  readonly assets?: URL;
  /** Folder of its fixtures, beside `fixtures/<name>/` of the project. */
  readonly fixtures?: URL;
  /** Alias of the database that holds its tables; `default` unless said otherwise. */
  readonly database?: string;
  /** Whether migrations create its tables; true, except for tables of an adopted `DataSource`. */
  readonly managed?: boolean;
}

/** The notes of {@link App}, read once by the app registry. */
export const APP_NOTE = new NoteKey<AppOptions>('app');

/** Marks a Nest module as an app. List the module in `settings.apps`. */
export function App(options: AppOptions): ClassDecorator {
  return (target) => APP_NOTE.write(target, options);
}

/** Whether a class carries {@link App}. */
export function isApp(module: AnyClass): boolean {
  return APP_NOTE.readOwn(module) !== undefined;
}
