import { type DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { type BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';

import { loadPeer } from '#core';

import { fixDecimal, significantDigits } from '../describe/decimal.js';
import { adaptedKind } from '../describe/portable-columns.js';
import { DecimalPrecisionError } from '../orm.errors.js';
import { type DatabaseConfig } from '../orm.options.js';
import { Gate } from '../transactions/gate.js';
import {
  DatabaseDriver,
  type CursorRequest,
  type DriverError,
  type Failure,
  type IsForeign,
  type RefusedValue,
  type RunnerFactory,
  type Violation,
  type ViolationKind,
} from './database-driver.js';
import { type RowCursor } from './row-cursor.js';
import { SqliteCursor } from './sqlite-cursor.js';
import { addSqliteFunctions, type SqliteConnection } from './sqlite-functions.js';
import { GatedSqliteRunner } from './sqlite-runner.js';
import { SqliteStatements } from './sqlite-statements.js';

/** Prepared statements kept per database. */
const STATEMENTS = 500;
/** SQLite keeps a decimal as a floating-point number, which holds this many digits exactly. */
const EXACT_DIGITS = 15;

const VIOLATIONS: Readonly<Record<string, ViolationKind>> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_ROWID: 'unique',
  SQLITE_CONSTRAINT_NOTNULL: 'not-null',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign-key',
  SQLITE_CONSTRAINT_TRIGGER: 'foreign-key',
};

/** SQLite by better-sqlite3. */
export class SqliteDriver extends DatabaseDriver {
  readonly dialect = 'sqlite';
  readonly failsWhole = false;
  readonly cursors = false;

  async dataSourceOptions(config: DatabaseConfig): Promise<DataSourceOptions> {
    const { default: driver } = await loadPeer('better-sqlite3', 'SQLite', () => import('better-sqlite3'));
    const database = config.url.replace(/^sqlite:(\/\/)?/, '');
    return {
      type: 'better-sqlite3',
      driver,
      database,
      enableWAL: database !== ':memory:',
      timeout: config.busyTimeout,
      prepareDatabase: (connection: { pragma(text: string): unknown }) =>
        void connection.pragma('synchronous = NORMAL'),
    };
  }

  prepare({ driver }: DataSource, { adopted }: DatabaseConfig): void {
    const connect = driver.connect.bind(driver);
    const persist = driver.preparePersistentValue.bind(driver);
    const hydrate = driver.prepareHydratedValue.bind(driver);
    const generated = driver.createGeneratedMap.bind(driver);
    const normalizeDefault = driver.normalizeDefault.bind(driver);
    const own: Partial<typeof driver> = {
      connect: async () => {
        await connect();
        // Constraints of tables may use what SQLite lacks.
        addSqliteFunctions((driver as BetterSqlite3Driver).databaseConnection as SqliteConnection);
        // From now on query runners wait for other processes themselves, see GatedSqliteRunner.
        if (!adopted) (driver as BetterSqlite3Driver).databaseConnection.pragma('busy_timeout = 0');
      },
      // A table of another file stops TypeORM while it connects, before the check that refuses it can tell.
      buildTableName: adopted ? driver.buildTableName.bind(driver) : (table) => table,
      // TypeORM writes defaults into its INSERT statements here and forgets to double the quotes.
      normalizeDefault: (column) => {
        const given: unknown = column.default;
        return typeof given === 'string' ? `'${given.replaceAll("'", "''")}'` : normalizeDefault(column);
      },
      preparePersistentValue: (value, column) => {
        const stored: unknown = persist(value, column);
        return adaptedKind(column) === 'decimal'
          ? exactDecimal(stored, column.scale ?? 0, column.propertyPath)
          : stored;
      },
      prepareHydratedValue: (value: unknown, column: Parameters<typeof hydrate>[1]) => {
        const integer = typeof value === 'number' && adaptedKind(column) === 'bigint';
        return hydrate(integer ? String(value) : value, column) as unknown;
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

  runners(dataSource: DataSource, config: DatabaseConfig, isForeign: IsForeign): RunnerFactory {
    const driver = dataSource.driver as BetterSqlite3Driver;
    const foreignTables = (): readonly string[] =>
      dataSource.entityMetadatas.filter(({ target }) => isForeign(target)).map(({ tableName }) => tableName);
    const sharing = {
      gate: new Gate('another transaction on the SQLite database', config.waitTimeout),
      statements: new SqliteStatements(STATEMENTS, foreignTables),
      busyTimeout: config.busyTimeout,
    };
    const disconnect = driver.disconnect.bind(driver);
    Object.assign(driver, {
      disconnect: async () => {
        sharing.statements.clear();
        await disconnect();
      },
    });
    return () => new GatedSqliteRunner(driver, sharing);
  }

  /** All runners share the one connection, and single statements a runner that is kept. */
  directSend(): undefined {
    return undefined;
  }

  async discard(runner: QueryRunner): Promise<void> {
    await runner.release();
  }

  cursor({ dataSource, config, sql, parameters }: CursorRequest): Promise<RowCursor | undefined> {
    return SqliteCursor.open(dataSource, config, sql, parameters);
  }

  violation({ code = '', message, reason, table, columns }: DriverError): Violation | undefined {
    const kind = VIOLATIONS[code];
    const detail = /constraint failed: (.*)$/.exec(message)?.[1];
    if (!kind) return undefined;
    if (kind === 'check') return { kind, constraint: detail };
    if (kind !== 'foreign-key') return { kind, ...namedParts(detail) };
    return reason ? { kind: reason, table, columns } : { kind };
  }

  refusedValue({ code = '', message }: DriverError): RefusedValue | undefined {
    return /^SQLITE_(MISMATCH|TOOBIG)$/.test(code) || message === 'integer overflow' ? {} : undefined;
  }

  failure({ code = '', message }: DriverError): Failure | undefined {
    if (code.startsWith('SQLITE_BUSY')) return 'serialization';
    if (/^SQLITE_(CANTOPEN|NOTADB|IOERR|CORRUPT|READONLY)/.test(code)) return 'connection';
    if (message.startsWith('no such function: ')) return 'unknown-function';
    return message.includes('connection is not open') ? 'connection' : undefined;
  }

  /** See https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction */
  endsTransaction({ code = '', message }: DriverError): boolean {
    return /^SQLITE_(FULL|IOERR|NOMEM|INTERRUPT|BUSY)/.test(code) || message.includes('connection is not open');
  }
}

/** `shop_product.slug, shop_product.shop`, or `index 'name'` for an index on expressions. */
function namedParts(detail = ''): Partial<Violation> {
  const index = /^index '(.*)'$/.exec(detail)?.[1];
  if (index) return { constraint: index };
  const names = detail.split(', ').map((name) => ({ table: name.split('.')[0], column: name.split('.').at(-1)! }));
  return { table: names[0]?.table, columns: names.map(({ column }) => column) };
}

/** The decimal with as many digits after the point as the column has; SQLite would keep whatever it is given. */
function exactDecimal(value: unknown, scale: number, path: string): unknown {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return value;
  const text = fixDecimal(String(value), scale);
  if (significantDigits(text) > EXACT_DIGITS) throw new DecimalPrecisionError(path, text, EXACT_DIGITS);
  return text;
}
