import { type Class } from '#core';

/** An entity as routers see it. */
export interface RoutedEntity {
  /** Name of its app. */
  readonly app: string;
  /** Name of its class. */
  readonly name: string;
  /** The class; undefined in migrations, which also know entities that are gone. */
  readonly target?: Class;
}

/** What is known of the work that needs a database. */
export interface RouteHints {
  /** The row that is written or read again. */
  readonly row?: object;
}

/** A row and the alias of the database that it was loaded from or saved to. */
export interface PlacedRow extends RoutedEntity {
  readonly row: object;
  readonly database: string;
}

/**
 * Whether the table of an entity is in a database: `true` when migrations make it there, `'copy'` when it is there
 * without them, as in a standby, and `false` when it is not.
 */
export type Placing = boolean | 'copy';

/**
 * Decides which database holds, reads and writes which entities (Django's database router). Each method may be left out
 * or give undefined, which leaves the decision to the next router, and at last to the `database` of the app. Methods
 * are called for each query: they look at the ambient context (a tenant, the user), and do not wait.
 * See https://docs.djangoproject.com/en/stable/topics/db/multi-db/#database-routers
 *
 * @example
 * const archive: DatabaseRouter = {
 *   migrate: (database, { app }) => (app === 'history' ? database === 'archive' : undefined),
 * };
 */
export interface DatabaseRouter {
  /** The alias of the database to read from. */
  read?(entity: RoutedEntity, hints: RouteHints): string | undefined;
  /** The alias of the database to write to. */
  write?(entity: RoutedEntity, hints: RouteHints): string | undefined;
  /** Whether a row may refer to another. Rows of one database may, and rows of different ones may not. */
  relation?(from: PlacedRow, to: PlacedRow): boolean | undefined;
  /** Whether a database holds an entity. Asked when the application starts and in migrations. */
  migrate?(database: string, entity: RoutedEntity): Placing | undefined;
}

/** The names of a router's methods. */
export const ROUTER_METHODS = ['read', 'write', 'relation', 'migrate'] as const;
