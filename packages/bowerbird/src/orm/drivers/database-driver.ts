import { type DataSource, type DataSourceOptions, type QueryRunner, type ReplicationMode } from 'typeorm';

import { type DirectSend } from '../connection/direct-sends.js';
import { type Dialect } from '../describe/entity-description.js';
import { type DatabaseConfig } from '../orm.options.js';
import { type RowCursor } from './row-cursor.js';

/** What kind of rule a statement broke. */
export type ViolationKind = 'unique' | 'missing' | 'referenced' | 'foreign-key' | 'not-null' | 'check' | 'exclusion';

/** What a database says of a broken rule; each part only where it tells. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly table?: string;
  /** Of the table; PostgreSQL only. */
  readonly schema?: string;
  readonly constraint?: string;
  readonly columns?: readonly string[];
}

/** What a database says of a value that it refused; each part only where it tells. */
export type RefusedValue = Pick<Violation, 'table' | 'schema' | 'columns'>;

/** What else may have happened to a statement. */
export type Failure = 'connection' | 'serialization' | 'timeout' | 'unknown-function' | 'unknown-zone';

/** An error of a database library, as far as the drivers look at it. */
export interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message: string;
  readonly table?: string;
  readonly schema?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly detail?: string;
  /** The columns of a broken reference and why it is broken, where the driver looked for them. */
  readonly columns?: readonly string[];
  readonly reason?: 'missing' | 'referenced';
}

/** Makes query runners that have a connection of their own. */
export type RunnerFactory = (mode: ReplicationMode) => QueryRunner;

/** A statement whose rows are read part by part. */
export interface CursorRequest {
  readonly dataSource: DataSource;
  readonly config: DatabaseConfig;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Whether an entity came with an adopted data source, so that its values stay as that gave them. */
export type IsForeign = (target: unknown) => boolean;

/** What differs between the databases; one implementation for each, the only place that knows its library. */
export abstract class DatabaseDriver {
  abstract readonly dialect: Dialect;

  /** Whether a transaction takes no further statement after one that failed, until it goes back to a savepoint. */
  abstract readonly failsWhole: boolean;

  /** Connection options for TypeORM, without entities. @throws MissingPeerError */
  abstract dataSourceOptions(config: DatabaseConfig): Promise<DataSourceOptions>;

  /** Prepares a data source before it connects: exact values in the columns that the framework adapted. */
  abstract prepare(dataSource: DataSource, config: DatabaseConfig): void;

  /** How query runners of the data source are made. */
  abstract runners(dataSource: DataSource, config: DatabaseConfig, isForeign: IsForeign): RunnerFactory;

  /** Sends single statements by the pool, without a query runner; undefined where they have a faster way. */
  abstract directSend(dataSource: DataSource, config: DatabaseConfig): DirectSend | undefined;

  /** Puts a connection away that cannot be used again. */
  abstract discard(runner: QueryRunner, cause: unknown): Promise<void>;

  /** Whether a statement inside of a transaction can be read part by part while others run (`DECLARE … CURSOR`). */
  abstract readonly cursors: boolean;

  /**
   * The rows of a statement outside of transactions, read part by part; undefined where that would keep others waiting.
   * @throws MissingPeerError
   */
  abstract cursor(request: CursorRequest): Promise<RowCursor | undefined>;

  /** The rule that a statement broke, or undefined for other errors. */
  abstract violation(error: DriverError): Violation | undefined;

  /** The value that a statement could not use: too long, too great, of another type; undefined for other errors. */
  abstract refusedValue(error: DriverError): RefusedValue | undefined;

  /** What else happened, or undefined for errors of the statement itself. */
  abstract failure(error: DriverError): Failure | undefined;

  /** Whether an error ended the whole transaction, its savepoints included. */
  abstract endsTransaction(error: DriverError): boolean;
}
