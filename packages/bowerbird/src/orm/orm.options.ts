import { fileURLToPath } from 'node:url';

import { type DataSource } from 'typeorm';

import {
  OptionReader,
  type AnyClass,
  type Duration,
  type Secret,
  type SettingsBase,
  type SettingsProblems,
} from '#core';

import { resolveDatabases } from './connection/resolve-databases.js';
import { type Dialect } from './describe/entity-description.js';
import { resolveEncryptionKeys } from './model/casts/resolve-encryption-keys.js';
import { isTimeZone, nearestZone } from './query/zones/time-zones.js';
import { type DatabaseRouter } from './routing/database-router.js';
import { resolveRouters } from './routing/resolve-routers.js';

/** TLS of a database connection. */
export interface TlsOptions {
  /** Whether the server's certificate is checked; true. */
  readonly verify?: boolean;
  /** Certificate authority in PEM form. */
  readonly ca?: string;
  /** Client certificate in PEM form. */
  readonly certificate?: string;
  /** Key of the client certificate in PEM form. */
  readonly key?: string;
}

/** Size and patience of a connection pool (PostgreSQL, MySQL, MariaDB). */
export interface PoolOptions {
  /** Most connections; 10. */
  readonly max?: number;
  /** How long an idle connection is kept; `10s`. */
  readonly idle?: Duration;
}

/** How a database is reached. */
export interface DatabaseOptions {
  /** `sqlite:var/db.sqlite3`, `sqlite::memory:`, `postgres://user:password@host/name`, `mysql://…` or `mariadb://…`. */
  readonly url: string;
  /** TLS for networked databases; true means: with the system's authorities. Off by default. */
  readonly tls?: boolean | TlsOptions;
  readonly pool?: PoolOptions;
  /** How long connecting may take; `5s`. */
  readonly connectTimeout?: Duration;
  /** Longest run of one statement; no limit by default. PostgreSQL, MySQL and MariaDB. */
  readonly statementTimeout?: Duration;
  /**
   * PostgreSQL: whether statements that come again and again are parsed once for each connection; true. False for poolers
   * that do not keep prepared statements, such as PgBouncer before 1.21 with `pool_mode = transaction`.
   */
  readonly preparedStatements?: boolean;
  /** SQLite: how long a write waits for another process; `5s`. */
  readonly busyTimeout?: Duration;
  /** How long a statement waits for another transaction of this process; `30s`. */
  readonly waitTimeout?: Duration;
  /** Statements that take at least this long are logged, without their values; none by default. */
  readonly slowQuery?: Duration;
  /** URLs of copies that answer reads outside of transactions; PostgreSQL, MySQL and MariaDB. */
  readonly replicas?: readonly string[];
  /** How long reads of a request, job or command stay with the primary after its last write; `10s`. */
  readonly stickyReads?: Duration;
  /** How long a replica that failed is left out; `30s`. */
  readonly replicaRetry?: Duration;
}

/** A `DataSource` that the application made itself. It is used as it is and closed by whoever opened it. */
export interface AdoptedDatabase {
  readonly dataSource: DataSource;
  /** As in {@link DatabaseOptions}. */
  readonly waitTimeout?: Duration;
  /** As in {@link DatabaseOptions}. */
  readonly slowQuery?: Duration;
}

/** What `settings.database` accepts: a URL, options, or an existing `DataSource`. */
export type DatabaseSetting = string | DatabaseOptions | AdoptedDatabase;

/** What touching a relation does that was not loaded: load it for all rows of the result, or be an error. */
export type LazyLoading = 'peers' | 'strict';

/** What users write in `settings.orm`: what holds for queries that say nothing else. */
export interface QueryDefaults {
  /**
   * `peers`: a relation declared as a promise is loaded for all rows of the result at once when it is awaited.
   * `strict`: touching any relation that the query did not load is an error. `peers` by default.
   */
  readonly lazyLoading?: LazyLoading;
  /** The time zone in which queries take moments apart: a name of the IANA database. `UTC` by default. */
  readonly timeZone?: string;
  /**
   * Whether limits of validators (`@Min`, `@Max`, `@IsPositive`, `@IsNegative`) are check constraints too, of all entities whose
   * `@Meta` says nothing else and whose app is no installed package. False by default; a change needs a migration.
   */
  readonly limitChecks?: boolean;
  /**
   * Name of the cookie by which the next requests of a client read what it has just written, where a database has
   * replicas; `recent_writes`. False for none: then only reads of the same request do.
   */
  readonly stickyCookie?: string | false;
}

/** How relations are loaded, resolved. */
export interface LoadingConfig {
  readonly lazyLoading: LazyLoading;
  /** Whether places that load the same relation row by row are reported. */
  readonly watch: boolean;
}

/** What users write about data. */
export interface OrmOptions {
  /** Modules marked `@App`. */
  readonly apps?: readonly AnyClass[];
  /** The default database; `sqlite:var/db.sqlite3` in the project's directory. */
  readonly database?: DatabaseSetting;
  /** Further databases by alias. */
  readonly databases?: Readonly<Record<string, DatabaseSetting>>;
  /** What decides which databases hold, read and write which entities; the first that says something counts. */
  readonly routers?: readonly DatabaseRouter[];
  /** What holds for queries that say nothing else. */
  readonly orm?: QueryDefaults;
  /** Keys of encrypted columns: that in use first, then earlier ones. The secret key and its fallbacks unless given. */
  readonly encryptionKeys?: readonly (string | Secret)[];
  /** Whether to connect when the application starts; commands that need no database say false. */
  readonly connect?: boolean;
}

/** Connection parameters of one database, resolved. Times are in milliseconds. */
export interface DatabaseConfig {
  readonly alias: string;
  readonly dialect: Dialect;
  /** With the password; show {@link DatabaseConfig.shown} instead. */
  readonly url: string;
  /** The URL with its password masked. */
  readonly shown: string;
  readonly tls: TlsOptions | null;
  readonly poolMax: number;
  readonly poolIdle: number;
  readonly connectTimeout: number;
  /** 0 for no limit. */
  readonly statementTimeout: number;
  readonly preparedStatements: boolean;
  readonly busyTimeout: number;
  readonly waitTimeout: number;
  /** 0 for no log. */
  readonly slowQuery: number;
  /** URLs with their passwords. */
  readonly replicas: readonly string[];
  readonly stickyReads: number;
  readonly replicaRetry: number;
  /** The application's own data source; then nothing of the above but the dialect, the wait and the log is used. */
  readonly adopted: DataSource | null;
  /** How relations are loaded; peers where nothing is said. */
  readonly loading?: LoadingConfig;
  /** The time zone of queries that name none; UTC where nothing is said. */
  readonly timeZone?: string;
  /** Whether limits of validators are check constraints where an entity says nothing. */
  readonly limitChecks?: boolean;
}

/** The resolved options of the orm. */
export class OrmConfig {
  constructor(
    readonly apps: readonly AnyClass[],
    readonly databases: readonly DatabaseConfig[],
    /** Directory of the entry file; ends with a slash. */
    readonly root: URL,
    readonly connect: boolean,
    /** The project's own directory; ends with a slash. */
    readonly home: URL = root,
    readonly routers: readonly DatabaseRouter[] = [],
    /** Keys of encrypted columns; empty for the secret key and its fallbacks. */
    readonly encryptionKeys: readonly string[] = [],
    /** The cookie that tells of recent writes; null for none. */
    readonly stickyCookie: string | null = null,
  ) {}

  /** The root as a path of the file system. */
  get rootPath(): string {
    return fileURLToPath(this.root);
  }
}

/** Reads `settings.apps`, `settings.database`, `settings.databases` and `settings.orm`. */
export function resolveOrm(
  options: OrmOptions | undefined,
  problems: SettingsProblems,
  base: Pick<SettingsBase, 'root' | 'home'> & Partial<Pick<SettingsBase, 'production'>>,
): OrmConfig {
  const home = base.home ?? base.root;
  const { stickyCookie, ...defaults } = resolveDefaults(options?.orm, problems, base.production === false);
  const databases = resolveDatabases(options, problems, home).map((database) => ({ ...database, ...defaults }));
  const routers = resolveRouters(options, problems);
  const keys = resolveEncryptionKeys(options, problems);
  const apps = options?.apps ?? [];
  const connects = options?.connect ?? true;
  return new OrmConfig(apps, databases, base.root, connects, home, routers, keys, stickyCookie);
}

function resolveDefaults(
  options: QueryDefaults | undefined,
  problems: SettingsProblems,
  watch: boolean,
): Required<Pick<DatabaseConfig, 'loading' | 'timeZone' | 'limitChecks'>> & Pick<OrmConfig, 'stickyCookie'> {
  const read = new OptionReader<QueryDefaults>('settings.orm', options, problems);
  const lazyLoading = read.choice('lazyLoading', ['peers', 'strict'], 'peers');
  const timeZone = resolveTimeZone(read);
  const limitChecks = read.boolean('limitChecks', false);
  const stickyCookie = resolveStickyCookie(read);
  read.finish();
  return { loading: { lazyLoading, watch }, timeZone, limitChecks, stickyCookie };
}

function resolveStickyCookie(read: OptionReader<QueryDefaults>): string | null {
  if (read.raw('stickyCookie') === false) return null;
  const expected = 'false, or a cookie name (letters, digits, - and _)';
  return read.string('stickyCookie', 'recent_writes', { pattern: /^[\w-]+$/, expected });
}

function resolveTimeZone(read: OptionReader<QueryDefaults>): string {
  const given: unknown = read.raw('timeZone') ?? 'UTC';
  if (isTimeZone(given)) return given;
  const meant = nearestZone(given);
  const hint = meant ? `Did you mean "${meant}"?` : 'Write its area too: Europe/Berlin';
  return read.fail('orm.E070', 'timeZone', given, 'UTC or a time zone of the IANA database', hint, 'UTC');
}
