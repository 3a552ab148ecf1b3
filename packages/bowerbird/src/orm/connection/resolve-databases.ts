import { DataSource } from 'typeorm';

import { maskUrl, OptionReader, type Duration, type SettingsProblems } from '#core';

import { type Dialect } from '../describe/entity-description.js';
import {
  type AdoptedDatabase,
  type DatabaseConfig,
  type DatabaseOptions,
  type DatabaseSetting,
  type OrmOptions,
  type PoolOptions,
  type TlsOptions,
} from '../orm.options.js';

const DEFAULT_URL = 'sqlite:var/db.sqlite3';
const WAIT: Duration = '30s';
const DIALECTS: Readonly<Record<string, Dialect>> = {
  sqlite: 'sqlite',
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
};
const ADOPTED_TYPES: Readonly<Record<string, Dialect>> = {
  'better-sqlite3': 'sqlite',
  postgres: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
};
const EXPECTED = 'sqlite:path, postgres://user:password@host/name or mysql://user:password@host/name';

/** One `settings.database` entry while it is read. */
interface Entry {
  readonly alias: string;
  readonly path: string;
  readonly setting: DatabaseSetting;
  readonly problems: SettingsProblems;
  readonly root: URL;
}

/** Reads `settings.database` and `settings.databases`. */
export function resolveDatabases(
  options: OrmOptions | undefined,
  problems: SettingsProblems,
  root: URL,
): readonly DatabaseConfig[] {
  const entries: Entry[] = [
    { alias: 'default', path: 'settings.database', setting: options?.database ?? DEFAULT_URL, problems, root },
  ];
  for (const [alias, setting] of Object.entries(options?.databases ?? {})) {
    const path = `settings.databases.${alias}`;
    if (alias === 'default' && options?.database !== undefined)
      problems.add({
        id: 'orm.E002',
        path,
        got: alias,
        expected: 'one default database',
        hint: 'The default database is given by settings.database; remove this one',
      });
    else if (alias === 'default') entries[0] = { alias, path, setting, problems, root };
    else entries.push({ alias, path, setting, problems, root });
  }
  return entries.map(resolveDatabase);
}

function resolveDatabase(entry: Entry): DatabaseConfig {
  const { setting } = entry;
  if (typeof setting === 'object' && setting !== null && 'dataSource' in setting) return adopt(entry, setting);
  return connect(entry, typeof setting === 'string' ? { url: setting } : setting);
}

function connect({ alias, path, problems, root }: Entry, options: DatabaseOptions): DatabaseConfig {
  const reader = new OptionReader<DatabaseOptions>(path, options, problems);
  const pool = reader.nested<PoolOptions>('pool');
  const given = reader.string('url', DEFAULT_URL);
  const url =
    usableUrl(given, root) ??
    reader.fail('orm.E001', 'url', maskUrl(given), EXPECTED, `Write ${path} as ${EXPECTED}`, 'sqlite::memory:');
  const config: DatabaseConfig = {
    alias,
    dialect: DIALECTS[url.split(':')[0]!]!,
    url,
    shown: maskUrl(url),
    tls: resolveTls(reader, url),
    poolMax: pool.number('max', 10, { min: 1, max: 1000, integer: true }),
    poolIdle: pool.duration('idle', '10s'),
    connectTimeout: reader.duration('connectTimeout', '5s', { min: '100ms', max: '5m' }),
    statementTimeout: reader.duration('statementTimeout', '0s'),
    preparedStatements: reader.boolean('preparedStatements', true),
    busyTimeout: reader.duration('busyTimeout', '5s'),
    waitTimeout: reader.duration('waitTimeout', WAIT, { min: '10ms' }),
    slowQuery: reader.duration('slowQuery', '0s'),
    replicas: resolveReplicas(reader, DIALECTS[url.split(':')[0]!]!),
    stickyReads: reader.duration('stickyReads', '10s'),
    replicaRetry: reader.duration('replicaRetry', '30s', { min: '1s' }),
    adopted: null,
  };
  pool.finish();
  reader.finish();
  return config;
}

function resolveTls(reader: OptionReader<DatabaseOptions>, url: string): TlsOptions | null {
  const given = reader.raw('tls');
  if (typeof given === 'boolean') return given ? {} : null;
  if (given !== undefined) {
    const tls = reader.nested<TlsOptions>('tls');
    const [ca, certificate, key] = (['ca', 'certificate', 'key'] as const).map((name) => tls.string(name, ''));
    const verify = tls.boolean('verify', true);
    tls.finish();
    return { verify, ca, certificate, key };
  }
  const mode = /[?&]ssl-?mode=([a-z-]+)/i.exec(url)?.[1]?.toLowerCase();
  if (mode === undefined || mode === 'disable' || mode === 'disabled') return null;
  return { verify: mode.startsWith('verify') };
}

/** A copy is of the same kind as its primary; SQLite has none. */
function resolveReplicas(reader: OptionReader<DatabaseOptions>, dialect: Dialect): readonly string[] {
  const given: unknown = reader.raw('replicas') ?? [];
  const urls = Array.isArray(given) ? (given as unknown[]) : [given];
  const good = (url: unknown): url is string =>
    typeof url === 'string' && dialect !== 'sqlite' && DIALECTS[url.split(':')[0]!] === dialect && hasName(url);
  const wrong = urls.filter((url) => !good(url)).map((url) => (typeof url === 'string' ? maskUrl(url) : url));
  if (wrong.length === 0) return urls as string[];
  const hint =
    'Replicas are of the same kind as the database itself, PostgreSQL, MySQL or MariaDB; leave them out on SQLite';
  return reader.fail('orm.E001', 'replicas', wrong, `URLs of replicas on ${dialect}`, hint, []);
}

/** The URL with the path of an SQLite file made absolute, or undefined when it is none. */
function usableUrl(text: string, root: URL): string | undefined {
  const dialect = DIALECTS[/^([a-z0-9]+):/i.exec(text)?.[1]?.toLowerCase() ?? ''];
  if (!dialect) return undefined;
  if (dialect !== 'sqlite') return hasName(text) ? text : undefined;
  const file = text.replace(/^sqlite:(\/\/(?=\/)|\/\/)?/i, '');
  if (file === '') return undefined;
  return `sqlite:${file === ':memory:' ? file : decodeURIComponent(new URL(encodeURI(file), root).pathname)}`;
}

/** Whether a URL says which database of the server it means. */
function hasName(text: string): boolean {
  return URL.canParse(text) && new URL(text).pathname.length > 1;
}

function adopt({ alias, path, problems }: Entry, options: AdoptedDatabase): DatabaseConfig {
  const reader = new OptionReader<AdoptedDatabase>(path, options, problems);
  const adopted = reader.raw('dataSource');
  const type = adopted instanceof DataSource ? adopted.options.type : 'none';
  const dialect = ADOPTED_TYPES[type];
  if (!dialect)
    reader.fail(
      'orm.E001',
      'dataSource',
      type,
      'a TypeORM DataSource for better-sqlite3, postgres, mysql or mariadb',
      'Pass the DataSource object itself, made by the same copy of typeorm',
      undefined,
    );
  const config: DatabaseConfig = {
    alias,
    dialect: dialect ?? 'sqlite',
    url: '',
    shown: `the application's own ${type} data source`,
    tls: null,
    poolMax: 0,
    poolIdle: 0,
    connectTimeout: 5_000,
    statementTimeout: 0,
    preparedStatements: false,
    busyTimeout: 5_000,
    waitTimeout: reader.duration('waitTimeout', WAIT, { min: '10ms' }),
    slowQuery: reader.duration('slowQuery', '0s'),
    replicas: [],
    stickyReads: 0,
    replicaRetry: 0,
    adopted: dialect ? (adopted ?? null) : null,
  };
  reader.finish();
  return config;
}
