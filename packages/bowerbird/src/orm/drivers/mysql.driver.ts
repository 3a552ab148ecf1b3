import { type DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { type MysqlDriver as TypeormDriver } from 'typeorm/driver/mysql/MysqlDriver.js';

import { loadPeer } from '#core';

import { directSends, takeLater, type DirectSend, type SentBack } from '../connection/direct-sends.js';
import { adaptedKind } from '../describe/portable-columns.js';
import { type DatabaseConfig } from '../orm.options.js';
import {
  DatabaseDriver,
  type CursorRequest,
  type DriverError,
  type Failure,
  type RefusedValue,
  type RunnerFactory,
  type Violation,
  type ViolationKind,
} from './database-driver.js';
import { parseNetworkUrl, tlsFor } from './network-url.js';
import { limitPoolWait } from './pool-wait.js';
import { StreamCursor, type RowCursor } from './row-cursor.js';

/** https://mariadb.com/docs/server/reference/error-codes/mariadb-error-codes */
const VIOLATIONS: Readonly<Record<number, Exclude<ViolationKind, 'exclusion'>>> = {
  1062: 'unique',
  1586: 'unique',
  1452: 'missing',
  1216: 'missing',
  1451: 'referenced',
  1217: 'referenced',
  1048: 'not-null',
  1364: 'not-null',
  3819: 'check',
  4025: 'check',
};

/** Values out of range, cut off, too long, of another type or character set; divisions by zero; JSON that is none. */
const REFUSED_VALUES: ReadonlySet<number> = new Set([
  1264, 1265, 1292, 1300, 1365, 1366, 1367, 1406, 1411, 1525, 1690, 3140, 3141, 3144, 3156,
]);

/** InnoDB follows cascades over 15 levels; MariaDB tells by a number alone, MySQL in words (ER_FK_DEPTH_EXCEEDED). */
const CASCADE_TOO_DEEP = /^Got error 193 |cascade delete\/update exceeds/;

type PartsOfMessage = (message: string) => Partial<Violation>;

/** Reads "CONSTRAINT `FK_x` FOREIGN KEY (`categoryId`)" and the table before it. */
const foreignKeyParts: PartsOfMessage = (message) => ({
  table: /\(`[^`]*`\.`([^`]*)`, CONSTRAINT/.exec(message)?.[1],
  constraint: /CONSTRAINT `([^`]*)`/.exec(message)?.[1],
  columns: /FOREIGN KEY \(([^)]*)\)/
    .exec(message)?.[1]
    ?.split(', ')
    .map((name) => name.replaceAll('`', '')),
});

const columnParts: PartsOfMessage = (message) => ({
  columns: [/(?:column|field) (?:[^ ]*\.)?[`']([^`']*)[`']/i.exec(message)?.[1] ?? ''],
});

/** What the text of each kind of error names. */
const PARTS: Readonly<Record<Exclude<ViolationKind, 'exclusion'>, PartsOfMessage>> = {
  // `shop_product.UQ_slug` on MySQL 8, `UQ_slug` on MariaDB.
  unique: (message) => {
    const [constraint, table] = /for key '(.*)'/.exec(message)?.[1]?.split('.').reverse() ?? [];
    return { constraint, table };
  },
  missing: foreignKeyParts,
  referenced: foreignKeyParts,
  'foreign-key': foreignKeyParts,
  'not-null': columnParts,
  check: (message) => {
    const constraint = /constraint [`']([^`']*)[`']/i.exec(message)?.[1]?.split('.').at(-1);
    return constraint ? { constraint } : columnParts(message);
  },
};

/** The part of a mysql2 connection that is used here. */
interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
  query(sql: string, values: readonly unknown[], done: SentBack): void;
  release(): void;
  destroy(): void;
}

/** The part of TypeORM's driver that takes connections from the pool. */
interface PoolAccess {
  obtainMasterConnection(): Promise<Connection>;
}

/** The part of a mysql2 pool that is used here. */
interface Pool {
  getConnection(done: TakeConnection): void;
}

type TakeConnection = (error: unknown, connection?: Connection) => void;

/** MySQL and MariaDB by mysql2. */
export class MysqlDriver extends DatabaseDriver {
  readonly dialect = 'mysql';
  readonly failsWhole = false;
  readonly cursors = false;

  async dataSourceOptions(config: DatabaseConfig): Promise<DataSourceOptions> {
    const { default: driver } = await loadPeer('mysql2', 'MySQL', () => import('mysql2'));
    const { parameters, schema: _, ...address } = { schema: undefined, ...parseNetworkUrl(config.url, 3306) };
    return {
      type: config.url.startsWith('mariadb:') ? 'mariadb' : 'mysql',
      driver: withSession(driver, config),
      ...address,
      socketPath: parameters.get('socket') ?? undefined,
      ssl: tlsFor(config.tls) as never,
      poolSize: config.poolMax,
      connectTimeout: config.connectTimeout,
      charset: 'utf8mb4_unicode_ci',
      timezone: 'Z',
      dateStrings: ['DATE'],
      supportBigNumbers: true,
      bigNumberStrings: true,
      extra: { jsonStrings: true, idleTimeout: config.poolIdle, maxIdle: config.poolMax, enableKeepAlive: true },
    };
  }

  prepare({ driver, options }: DataSource, config: DatabaseConfig): void {
    const { adopted } = config;
    const { obtainMasterConnection: take } = driver as unknown as PoolAccess;
    const limited = limitPoolWait(take.bind(driver), (connection) => connection.release(), config);
    if (!adopted) Object.assign(driver, { obtainMasterConnection: limited });
    const connect = driver.connect.bind(driver);
    const generated = driver.createGeneratedMap.bind(driver);
    const own: Partial<typeof driver> = {
      connect: async () => {
        await connect();
        if (adopted) return;
        // A MariaDB server answers to mysql:// as well; TypeORM must know, or it misreads defaults and JSON columns.
        if (!/mariadb/i.test(await serverVersion(driver as TypeormDriver))) return;
        for (const known of [options, driver.options]) Object.assign(known, { type: 'mariadb' });
      },
      createGeneratedMap: (metadata, result, ...rest) => {
        const map = generated(metadata, result, ...rest);
        for (const column of metadata.generatedColumns) {
          const value: unknown = map && column.getEntityValue(map);
          if (map && typeof value === 'number' && adaptedKind(column) === 'bigint')
            column.setEntityValue(map, String(value));
        }
        return map;
      },
    };
    Object.assign(driver, own);
  }

  runners(dataSource: DataSource): RunnerFactory {
    const driver = dataSource.driver as TypeormDriver;
    return driver.createQueryRunner.bind(driver);
  }

  directSend({ driver }: DataSource): DirectSend {
    const access = driver as unknown as PoolAccess;
    return directSends<Connection>(
      {
        take: (done) => void takeLater(access.obtainMasterConnection(), done),
        send: (connection, sql, parameters, done) => connection.query(sql, parameters, done),
        giveBack: (connection) => connection.release(),
        putAway: (connection) => connection.destroy(),
      },
      (error) => this.failure(error) === 'connection',
    );
  }

  async discard(runner: QueryRunner): Promise<void> {
    const { databaseConnection } = runner as unknown as { databaseConnection?: Connection };
    databaseConnection?.destroy();
    Object.assign(runner, { isReleased: true });
  }

  cursor({ dataSource, sql, parameters }: CursorRequest): Promise<RowCursor> {
    return StreamCursor.open(dataSource.createQueryRunner(), sql, parameters, (runner) => this.discard(runner));
  }

  violation({ errno = 0, message }: DriverError): Violation | undefined {
    const kind = VIOLATIONS[errno] ?? (CASCADE_TOO_DEEP.test(message) ? 'referenced' : undefined);
    return kind && { kind, ...PARTS[kind](message) };
  }

  refusedValue({ errno = 0, message }: DriverError): RefusedValue | undefined {
    return REFUSED_VALUES.has(errno) ? columnParts(message) : undefined;
  }

  failure({ code = '', errno = 0, message }: DriverError): Failure | undefined {
    if ([1205, 1213, 3572].includes(errno)) return 'serialization';
    if ([1969, 3024].includes(errno)) return 'timeout';
    if (errno === 1305) return 'unknown-function';
    if ([1040, 1044, 1045, 1049, 1053, 1129, 1130, 1203, 1226, 1927].includes(errno)) return 'connection';
    const lost = /^(PROTOCOL_|E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_)|ENOTFOUND|POOL_CLOSED)/.test(code);
    return lost || /closed state|connection (lost|is closed|is not established)/i.test(message)
      ? 'connection'
      : undefined;
  }

  /** InnoDB rolls the whole transaction of a deadlock back, and the session goes on without one. */
  endsTransaction(error: DriverError): boolean {
    return error.errno === 1213 || this.failure(error) === 'connection';
  }
}

/** TypeORM's own `version` drops the name of the product. */
async function serverVersion(driver: TypeormDriver): Promise<string> {
  const runner = driver.createQueryRunner('master');
  try {
    const [row] = (await runner.query('SELECT VERSION() AS version')) as { readonly version: string }[];
    return row!.version;
  } finally {
    await runner.release();
  }
}

/** The library with a pool that hands no connection out before its session is set up, and none where that failed. */
function withSession(library: object, config: DatabaseConfig): object {
  const { createPool } = library as { createPool(options: unknown): Pool };
  const statement = sessionStatement(config);
  const openPool = (options: unknown): Pool => {
    const pool = createPool(options);
    const take = pool.getConnection.bind(pool);
    const ready = new WeakSet<Connection>();
    const getConnection = (done: TakeConnection): void =>
      take((error, connection) => {
        if (error || !connection || ready.has(connection)) return done(error, connection);
        connection.query(statement, (refused) => {
          if (refused) connection.destroy();
          else ready.add(connection);
          done(refused, refused ? undefined : connection);
        });
      });
    return Object.assign(pool, { getConnection });
  };
  return Object.assign(Object.create(library) as object, { createPool: openPool });
}

/**
 * Sessions speak UTC, are strict, and obey the statement timeout. The library escapes values with backslashes, so under
 * NO_BACKSLASH_ESCAPES a quote in a value would end its text: the mode must go. MySQL limits reads alone and takes the
 * second marked comment, MariaDB limits every statement and takes the first.
 */
/** Bytes of texts put together by an aggregate; MySQL would cut them off at 1,024 without a word. */
const LONGEST_CONCATENATION = 64 * 1024 * 1024;

function sessionStatement({ statementTimeout }: DatabaseConfig): string {
  const modes = "CONCAT(',', @@sql_mode, ',STRICT_TRANS_TABLES,')";
  const mode = `TRIM(BOTH ',' FROM REPLACE(${modes}, ',NO_BACKSLASH_ESCAPES,', ','))`;
  const sets = `SET time_zone = '+00:00', sql_mode = ${mode}, group_concat_max_len = ${LONGEST_CONCATENATION}`;
  if (statementTimeout === 0) return sets;
  const maria = `/*M!100101 , max_statement_time = ${statementTimeout / 1000} */`;
  return `${sets} ${maria} /*!50708 , max_execution_time = ${statementTimeout} */`;
}
