import { type DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { type PostgresDriver as TypeormDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

import { loadPeer } from '#core';

import { directSends, takeLater, type DirectSend, type SentBack, type Taken } from '../connection/direct-sends.js';
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
import { NamedStatement, type KnownRows, type StatementClient, type StatementLibrary } from './named-statement.js';
import { parseNetworkUrl, tlsFor } from './network-url.js';
import { limitPoolWait } from './pool-wait.js';
import { valueParsers } from './postgres-values.js';
import { StreamCursor, type RowCursor } from './row-cursor.js';
import { StatementNames } from './statement-names.js';

/** What PostgreSQL says of a text search configuration that it does not know. */
const CONFIGURATION = /^42704 text search configuration /;

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const VIOLATIONS: Readonly<Record<string, ViolationKind>> = {
  '23505': 'unique',
  '23503': 'missing',
  '23001': 'referenced',
  '23502': 'not-null',
  '23514': 'check',
  '23P01': 'exclusion',
};

/** What an operator of the extension pg_trgm is missed by. */
const TRIGRAM_OPERATOR = /^operator does not exist: .* (?:%|<%|%>|<<%|%>>) /;

/** What a message about a time zone names. */
const ZONE = /[A-Z]\w+\/[\w+/-]+/;

/** The part of TypeORM's driver that takes connections from the pool. */
interface PoolAccess {
  obtainMasterConnection(): Promise<[Client, () => void]>;
  /** The pool; none before the driver has connected. */
  readonly master?: Pool;
}

/** The part of a pool of pg that is used here. */
interface Pool {
  readonly idleCount: number;
  readonly waitingCount: number;
  connect(done: Taken<Client>): void;
}

/** What pg says of a statement. */
type Answered = (error: Error | null, result?: { readonly rows: unknown }) => void;

/** The class of statements. pg makes one of whatever else it is given, by way of a copy that costs more than the rest. */
type QueryClass = new (text: string, values: readonly unknown[], done: Answered) => object;

/** The part of a connection of pg that is used here. */
interface Client extends StatementClient {
  /** Whether statements are written before those that came earlier are answered; then all have to be pg's own. */
  readonly pipeline?: boolean;
  /** What writes messages of the protocol; none where a library of the system does. */
  readonly connection?: { readonly parse?: unknown };
  query(query: object): void;
  on(event: 'error', listener: () => void): void;
  release(cause?: Error): void;
}

/** The library that the data source was given; TypeORM's driver may hold pg-native besides, whose statements are others. */
interface GivenLibrary {
  readonly driver: StatementLibrary & { readonly Query: QueryClass };
}

/** How statements are sent. */
interface Sending {
  readonly names: StatementNames;
  readonly known: KnownRows;
  readonly library: GivenLibrary['driver'];
}

/** PostgreSQL by pg. */
export class PostgresDriver extends DatabaseDriver {
  readonly dialect = 'postgres';
  readonly failsWhole = true;
  readonly cursors = true;

  async dataSourceOptions(config: DatabaseConfig): Promise<DataSourceOptions> {
    const { default: driver } = await loadPeer('pg', 'PostgreSQL', () => import('pg'));
    const { parameters, ...address } = parseNetworkUrl(config.url, 5432);
    return {
      type: 'postgres',
      driver,
      ...address,
      schema: parameters.get('schema') ?? undefined,
      applicationName: parameters.get('application_name') ?? 'bowerbird',
      ssl: tlsFor(config.tls) as never,
      poolSize: config.poolMax,
      connectTimeoutMS: config.connectTimeout,
      installExtensions: false,
      uuidExtension: 'pgcrypto',
      extra: {
        ...separateTimeouts(driver.Client, config),
        types: valueParsers(driver.types),
        idleTimeoutMillis: config.poolIdle,
        keepAlive: true,
        ...(config.statementTimeout > 0 && { statement_timeout: config.statementTimeout }),
      },
    };
  }

  prepare({ driver }: DataSource, config: DatabaseConfig): void {
    const { obtainMasterConnection: take } = driver as unknown as PoolAccess;
    const limited = limitPoolWait(take.bind(driver), ([, release]) => release(), config);
    if (!config.adopted) Object.assign(driver, { obtainMasterConnection: limited });
    // Keys are made by the application, so that tables need no extension and no default.
    Object.assign(driver, { isUUIDGenerationSupported: () => false });
  }

  runners(dataSource: DataSource): RunnerFactory {
    const driver = dataSource.driver as TypeormDriver;
    return driver.createQueryRunner.bind(driver);
  }

  directSend({ driver }: DataSource, { alias, preparedStatements }: DatabaseConfig): DirectSend {
    const access = driver as unknown as PoolAccess;
    const heard = new WeakSet<Client>();
    const sending: Sending = {
      names: new StatementNames(alias, preparedStatements),
      known: new WeakMap(),
      library: (driver.options as unknown as GivenLibrary).driver,
    };
    return directSends<Client>(
      {
        take: (done) => takeClient(access, done),
        send(client, sql, parameters, done) {
          // What breaks a connection fails its statement too; as an event without a listener it would end the process.
          if (!heard.has(client)) client.on('error', () => undefined);
          heard.add(client);
          sendNamed(client, sending, sql, parameters, done);
        },
        giveBack: (client) => client.release(),
        putAway: (client, cause) => client.release(cause),
      },
      (error) => this.failure(error) === 'connection',
    );
  }

  async discard(runner: QueryRunner, cause: unknown): Promise<void> {
    const { releasePostgresConnection } = runner as unknown as {
      releasePostgresConnection(error: unknown): Promise<void>;
    };
    await releasePostgresConnection.call(runner, cause);
  }

  cursor({ dataSource, sql, parameters }: CursorRequest): Promise<RowCursor> {
    const rest = new Error('The rest of its rows is not wanted');
    return StreamCursor.open(dataSource.createQueryRunner(), sql, parameters, (runner) => this.discard(runner, rest));
  }

  violation({ code = '', table, schema, column, constraint, detail = '' }: DriverError): Violation | undefined {
    const kind = VIOLATIONS[code];
    if (!kind) return undefined;
    if (kind === 'referenced' || /still referenced/.test(detail))
      return { kind: 'referenced', table, schema, constraint };
    const listed = /\(([^)]*)\)=/
      .exec(detail)?.[1]
      ?.split(', ')
      .map((name) => name.replace(/^"|"$/g, ''));
    return { kind, table, schema, constraint, columns: column ? [column] : listed };
  }

  /** Class 22 are the errors of data; the name of a text search configuration may be a value too. */
  refusedValue({ code = '', message, table, schema, column }: DriverError): RefusedValue | undefined {
    return (code.startsWith('22') && !isZone(code, message)) || CONFIGURATION.test(`${code} ${message}`)
      ? { table, schema, ...(column !== undefined && { columns: [column] }) }
      : undefined;
  }

  failure({ code = '', message }: DriverError): Failure | undefined {
    if (code === '40001' || code === '40P01' || code === '55P03') return 'serialization';
    if (code === '57014') return 'timeout';
    if (isZone(code, message)) return 'unknown-zone';
    if (code === '42883' && (message.startsWith('function ') || TRIGRAM_OPERATOR.test(message)))
      return 'unknown-function';
    const lost = /^(08|28|3D|53|57P)|^E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_)|^ENOTFOUND/.test(code);
    return lost || /connection (terminated|timeout|error)|not (queryable|connected)/i.test(message)
      ? 'connection'
      : undefined;
  }

  /** After a serialization failure or a deadlock going back to a savepoint helps nobody: the same meets the same. */
  endsTransaction(error: DriverError): boolean {
    return error.code === '40001' || error.code === '40P01' || this.failure(error) === 'connection';
  }
}

/** An idle connection at once; where none is, it is waited for no longer than `waitTimeout`. */
function takeClient(access: PoolAccess, done: Taken<Client>): void {
  const { master } = access;
  if (master && master.idleCount > master.waitingCount) return master.connect(done);
  const waited = async (): Promise<Client> => (await access.obtainMasterConnection())[0];
  void takeLater(waited(), done);
}

/** Sends a statement by its name, and without where that is what is wrong. */
function sendNamed(
  client: Client,
  { names, known, library }: Sending,
  sql: string,
  parameters: readonly unknown[],
  done: SentBack,
): void {
  const sendUnnamed = (): void =>
    client.query(new library.Query(sql, parameters, (error, result) => done(error, result?.rows)));
  const name = takesOthers(client) ? names.of(sql, parameters) : undefined;
  if (name === undefined) return sendUnnamed();
  const statement = new NamedStatement(name, sql, parameters, client, library, known, (error, rows) => {
    if (error && names.isToBlame(sql, error)) sendUnnamed();
    else done(error, rows);
  });
  client.query(statement);
}

/** Whether a client takes statements of other classes than its own: not those of pg-native, nor one that writes ahead. */
function takesOthers({ connection, pipeline }: Client): boolean {
  return typeof connection?.parse === 'function' && !pipeline;
}

/** Whether an error says that a time zone is not known. */
function isZone(code: string, message: string): boolean {
  return code === '22023' && ZONE.test(message);
}

type ClientClass = new (options: object) => object;

/** What pg's pool gives a client. It hides the password from whatever lists the options, copies included. */
interface ClientOptions {
  readonly password?: unknown;
}

/** pg's pool knows one limit for connecting and for waiting until a connection is free; here it is for connecting alone. */
function separateTimeouts(Client: ClientClass, { connectTimeout }: DatabaseConfig): object {
  return {
    connectionTimeoutMillis: 0,
    Client: class extends Client {
      constructor(options: ClientOptions) {
        super({ ...options, password: options.password, connectionTimeoutMillis: connectTimeout });
      }
    },
  };
}
