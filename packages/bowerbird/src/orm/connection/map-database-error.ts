import { QueryFailedError } from 'typeorm';

import { FrameworkError } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type Dialect, type EntityDescription } from '../describe/entity-description.js';
import {
  type DatabaseDriver,
  type DriverError,
  type Failure,
  type Violation,
  type ViolationKind,
} from '../drivers/database-driver.js';
import { defaultNames, shortName } from '../migrations/schema/names.js';
import { CONSTRAINT_ERRORS, type ErrorParts } from '../model/constraints/constraint-errors.js';
import { constraintRules, type BrokenConstraint } from '../model/constraints/constraint-rules.js';
import {
  ConnectionError,
  ForeignKeyError,
  NotNullError,
  SerializationError,
  ServerTimeZoneError,
  StatementTimeoutError,
  UnknownFunctionError,
} from '../orm.errors.js';
import { type DatabaseConfig } from '../orm.options.js';
import { failedTable, type FailedTable } from './failed-table.js';
import { refusedValueError } from './refused-values.js';

/** The typed error for what a driver or TypeORM threw; errors of other kinds are returned as they are. */
export function mapDatabaseError(
  error: unknown,
  driver: DatabaseDriver,
  descriptions: Descriptions,
  config: Pick<DatabaseConfig, 'alias'>,
): unknown {
  const driverError = driverErrorOf(error);
  if (!driverError) return error;
  const violation = driver.violation(driverError);
  if (violation) {
    const place = failedTable(violation, error, descriptions);
    return violationError(violation, place, driver.dialect, error);
  }
  const refused = driver.refusedValue(driverError);
  if (refused) return refusedValueError(refused, failedTable(refused, error, descriptions), error as Error);
  const failure = driver.failure(driverError);
  return failure ? FAILURES[failure](config.alias, driverError.message, error) : error;
}

/** What happened to a statement beside a broken rule, or undefined. */
export function failureOf(error: unknown, driver: DatabaseDriver): Failure | undefined {
  const driverError = driverErrorOf(error);
  return driverError && driver.failure(driverError);
}

/** The error of the database library, or undefined when another part of the program failed. */
export function driverErrorOf(error: unknown): DriverError | undefined {
  if (error instanceof QueryFailedError) return error.driverError as DriverError;
  if (!(error instanceof Error) || error instanceof FrameworkError || error instanceof TypeError) return undefined;
  const lost = /\b(connection|not connected)\b/i.test(error.message);
  return lost || 'code' in error ? error : undefined;
}

function violationError(
  violation: Violation,
  { table, entities: candidates }: FailedTable,
  dialect: Dialect,
  cause: unknown,
): Error {
  const found = candidates
    .map((entity) => {
      const broken = brokenBy(violation, entity, dialect);
      const own = fieldsOf(violation, entity);
      return { entity, broken, fields: own.length > 0 ? own : (broken?.paths ?? []) };
    })
    .find(({ fields }) => fields.length > 0);
  const entity = found?.entity ?? candidates[0];
  const { kind, constraint } = violation;
  const fields = found?.fields ?? [];
  const name = entity?.name ?? table ?? 'row';
  const list = fields.length > 0 ? fields.join(', ') : (constraint ?? 'unnamed rule');
  const broken = found?.broken;
  return ERRORS[kind](name, list, { fields, constraint, cause, ...(broken && { broken: [broken] }) });
}

/** The constraint of the entity that is meant: by its name, or where the database names only columns by those. */
function brokenBy(
  { kind, constraint, columns = [] }: Violation,
  entity: EntityDescription,
  dialect: Dialect,
): BrokenConstraint | undefined {
  const rules = constraintRules(entity, dialect, true).filter((rule) => rule.kind === kind);
  const isMeant =
    constraint === undefined
      ? (rule: (typeof rules)[number]) =>
          sameNames(rule.columns, columns) || sameNames(keyOf(rule.paths, entity), columns)
      : (rule: (typeof rules)[number]) => shortName(rule.name, dialect) === constraint;
  const rule = rules.find(isMeant);
  if (!rule) return undefined;
  const { condition: _condition, comparisons: _comparisons, columns: _columns, ...broken } = rule;
  return broken;
}

/** The columns behind paths. */
function keyOf(paths: readonly string[], entity: EntityDescription): readonly string[] {
  return paths.flatMap((path) => {
    const relation = entity.relation(path)?.columns.map(({ column }) => column) ?? [];
    return relation.length > 0 ? relation : [entity.field(path)?.column ?? ''];
  });
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && left.length === right.length && left.every((name) => right.includes(name));
}

const ERRORS: Readonly<Record<ViolationKind, (name: string, list: string, parts: ErrorParts) => Error>> = {
  ...CONSTRAINT_ERRORS,
  'not-null': (name, list, { fields, constraint, cause }) =>
    new NotNullError(`${name} needs a value for ${list}`, fields, constraint, { cause }),
  missing: (name, list, { fields, constraint, cause }) =>
    new ForeignKeyError(`${name} refers to a row that does not exist: ${list}`, fields, constraint, 'missing', {
      cause,
    }),
  referenced: (_, list, { fields, constraint, cause }) =>
    new ForeignKeyError(`Other rows still refer to this row: ${list}`, fields, constraint, 'referenced', { cause }),
  'foreign-key': (name, _, { cause }) => foreignKeyError(name, cause),
};

/** SQLite names neither the constraint nor its side where it could not be found; a removal can only have left rows that refer to it. */
function foreignKeyError(name: string, cause: unknown): ForeignKeyError {
  const sql = cause instanceof QueryFailedError ? cause.query : '';
  const reason = /^\s*delete/i.test(sql) ? 'referenced' : /^\s*insert/i.test(sql) ? 'missing' : undefined;
  return new ForeignKeyError(`A reference of ${name} is broken`, [], undefined, reason, { cause });
}

function fieldsOf({ columns, constraint }: Violation, entity: EntityDescription): readonly string[] {
  const named = (columns ?? []).filter((column) => column !== '').map((column) => pathOf(column, entity));
  if (named.length > 0 && named.every((path) => path !== undefined)) return [...new Set(named)];
  if (!constraint) return [];
  const reference = entity.relations.find(
    ({ columns: own }) =>
      own.length > 0 &&
      constraint ===
        defaultNames.foreignKey(
          entity.table,
          own.map(({ column }) => column),
        ),
  );
  if (reference) return [reference.path];
  const primary = constraint === 'PRIMARY' || constraint.startsWith('PK_');
  const set = [...entity.uniques, ...entity.indexes].find(({ name }) => name === constraint);
  const paths = primary ? entity.primaryKey : set?.paths;
  return paths ? [...new Set(paths.map((path) => entity.field(path)?.relation ?? path))] : [];
}

/** The path that a column belongs to: of a relation rather than of its key field. */
function pathOf(column: string, entity: EntityDescription): string | undefined {
  const relation = entity.relations.find(({ columns }) => columns.some((own) => own.column === column));
  return relation?.path ?? entity.fields.find((field) => field.column === column)?.path;
}

const FAILURES: Readonly<Record<Failure, (alias: string, message: string, cause: unknown) => Error>> = {
  connection: (alias, message, cause) =>
    new ConnectionError(`The connection to the database "${alias}" failed: ${message}`, { cause }),
  serialization: (alias, message, cause) =>
    new SerializationError(`The database "${alias}" gave the transaction up: ${message}`, {
      hint: 'Run the transaction again',
      cause,
    }),
  timeout: (alias, message, cause) =>
    new StatementTimeoutError(`A statement on the database "${alias}" ran too long: ${message}`, {
      hint: 'Narrow the query, add an index, or raise statementTimeout',
      cause,
    }),
  'unknown-zone': (alias, message, cause) => new ServerTimeZoneError(alias, message, cause),
  'unknown-function': (alias, message, cause) =>
    new UnknownFunctionError(`The database "${alias}" lacks a function: ${message}`, {
      hint: "It may be part of an extension or component; MD5 and SHA1 on MySQL 9.6: INSTALL COMPONENT 'file://component_classic_hashing'",
      cause,
    }),
};
