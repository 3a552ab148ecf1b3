import { QueryFailedError } from 'typeorm';

import { DeferredFieldError, FieldError, IntegrityError, UnloadedRelationError } from '../../orm.errors.js';
import { type ColumnModel, type EntityModel } from '../../query/model/entity-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { MisplacedExpressionError, RefusedValueError } from '../../query/query.errors.js';
import { insertColumns, UNSET } from '../../query/run/insert-columns.js';
import { type SqlDialect } from '../../query/sql/sql-dialect.js';
import { bind, join, raw, sql, type Sql } from '../../query/sql/sql.js';
import { type BrokenConstraint, type ConstraintRule } from './constraint-rules.js';

/** What is asked. */
export interface ConstraintQuestion {
  /** The row as it would be stored; what it leaves undefined is not known. */
  readonly row: object;
  /** Makes what is asked about in place of the row, where some rule concerns it. */
  readonly candidate?: () => object;
  /** Whether it would be inserted. */
  readonly isNew: boolean;
  /** Rules that speak of none of these paths are left out. */
  readonly paths: ReadonlySet<string>;
}

/** Runs a statement that may fail, so that a transaction around it goes on. */
export type Attempt = <R>(work: () => Promise<R>) => Promise<R>;

/**
 * Asks the database which of its rules a row would break: checks, unique sets and indexes, exclusions. They are evaluated as
 * they are written, over a row of one's own and the rows that are there, by one statement, so nothing is stored. Rules that
 * speak of values that are not known are left out. The constraints themselves still decide on save.
 */
export function brokenConstraints(
  engine: QueryEngine,
  model: EntityModel,
  question: ConstraintQuestion,
  attempt: Attempt,
): readonly BrokenConstraint[] | Promise<readonly BrokenConstraint[]> {
  const concerned = engine.rules
    .of(model.description, question.isNew)
    .filter(({ paths }) => paths.some((path) => question.paths.has(path)));
  return concerned.length === 0 ? [] : brokenAmong(concerned, engine, model, question, attempt);
}

async function brokenAmong(
  concerned: readonly ConstraintRule[],
  engine: QueryEngine,
  model: EntityModel,
  question: ConstraintQuestion,
  attempt: Attempt,
): Promise<readonly BrokenConstraint[]> {
  const cells = cellsOf(model, question.candidate?.() ?? question.row, question.isNew);
  const known = new Set([...cells.keys()].map(({ name }) => name));
  const rules = concerned.filter(({ columns }) => columns.every((name) => known.has(name)));
  const broken = await ask(rules, (some) => engine.rows(statement(model, some, cells, question)), attempt);
  return broken.map(({ condition: _condition, comparisons: _comparisons, columns: _columns, ...told }) => told);
}

type Cells = ReadonlyMap<ColumnModel, unknown>;

type Asker = (rules: readonly ConstraintRule[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** All rules at once; where the database cannot evaluate them, each by itself, and what still fails is left to it. */
async function ask(
  rules: readonly ConstraintRule[],
  asker: Asker,
  attempt: Attempt,
): Promise<readonly ConstraintRule[]> {
  if (rules.length === 0) return [];
  try {
    const [answer] = await attempt(() => asker(rules));
    return rules.filter((_, index) => Number(answer?.[`f${index}`]) === 1);
  } catch (error) {
    if (!UNASKABLE.some((kind) => error instanceof kind)) throw error;
    if (rules.length === 1) return [];
    const broken: ConstraintRule[] = [];
    for (const rule of rules) broken.push(...(await ask([rule], asker, attempt)));
    return broken;
  }
}

const UNASKABLE = [QueryFailedError, IntegrityError, RefusedValueError] as const;

/** The values that are known, as they would be stored. */
function cellsOf(model: EntityModel, row: object, isNew: boolean): Cells {
  const cells = new Map<ColumnModel, unknown>();
  for (const { column, cell } of insertColumns(model)) {
    const value = tried(() => cell(row));
    const known = value === UNSET && isNew ? filledIn(column) : value;
    if (known !== UNSET) cells.set(column, known);
  }
  return cells;
}

/** A value that does not fit its column is for other rules to tell; one that was not loaded, or is worked out, is not known. */
function tried(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (UNKNOWN.some((kind) => error instanceof kind)) return UNSET;
    throw error;
  }
}

const UNKNOWN = [FieldError, DeferredFieldError, MisplacedExpressionError, UnloadedRelationError] as const;

/** What the database fills in for a new row that says nothing. */
function filledIn({ field, nullable }: ColumnModel): unknown {
  const value = field?.default;
  if (['string', 'number', 'boolean'].includes(typeof value)) return value;
  const filled = value !== undefined && value !== null;
  return filled || field?.generated || !nullable ? UNSET : null;
}

/** One row with a flag for each rule that is broken. */
function statement(
  model: EntityModel,
  rules: readonly ConstraintRule[],
  cells: Cells,
  question: ConstraintQuestion,
): Sql {
  const flags = rules.map((rule, index) => {
    const flag = sql`asked.${raw(`c${index}`)} = 1`;
    const broken =
      rule.comparisons.length === 0 ? flag : sql`${flag} AND ${taken(model, rule, index, cells, question)}`;
    return sql`CASE WHEN ${broken} THEN 1 ELSE 0 END AS ${raw(`f${index}`)}`;
  });
  const values = rules.flatMap((rule, index) => [
    sql`CASE WHEN ${raw(concern(rule))} THEN 1 ELSE 0 END AS ${raw(`c${index}`)}`,
    ...rule.comparisons.map((comparison, place) => raw(`${comparison.sql} AS v${index}_${place}`)),
  ]);
  const asked = sql`SELECT ${join(values, ', ')} FROM (${candidate(model, cells)}) AS candidate`;
  return sql`SELECT ${join(flags, ', ')} FROM (${asked}) AS asked`;
}

/** When a check is broken, and which rows a comparison counts. */
function concern({ condition, comparisons }: ConstraintRule): string {
  if (comparisons.length === 0) return `NOT (${condition})`;
  return condition ?? '1 = 1';
}

/** Whether there is another row of which every comparison holds. */
function taken(
  model: EntityModel,
  { condition, comparisons }: ConstraintRule,
  rule: number,
  cells: Cells,
  { isNew }: ConstraintQuestion,
): Sql {
  const { dialect, primary, table } = model;
  const keys = isNew ? [] : primary;
  const selected = [
    ...comparisons.map((comparison, place) => raw(`${comparison.sql} AS e${place}`)),
    ...keys.map(({ name }, place) => raw(`${dialect.quote(name)} AS k${place}`)),
  ];
  const others = sql`SELECT ${join(selected, ', ')} FROM ${table}${raw(condition === undefined ? '' : ` WHERE ${condition}`)}`;
  const alike = comparisons.map(({ operator }, place) => raw(`other.e${place} ${operator} asked.v${rule}_${place}`));
  const own = keys.map(
    (column, place) => sql`${raw(`other.k${place}`)} = ${cellOf(dialect, column, cells.get(column))}`,
  );
  const itself = own.length === 0 ? [] : [sql`NOT (${join(own, ' AND ')})`];
  return sql`EXISTS (SELECT 1 FROM (${others}) AS other WHERE ${join([...alike, ...itself], ' AND ')})`;
}

/** One row of the values; the empty part before it gives the columns their names and types. */
function candidate(model: EntityModel, cells: Cells): Sql {
  const { dialect } = model;
  const names = [...cells.keys()].map(({ name }) => raw(dialect.quote(name)));
  const values = [...cells].map(([column, value]) => cellOf(dialect, column, value));
  return sql`SELECT ${join(names, ', ')} FROM ${model.table} WHERE 1 = 0 UNION ALL SELECT ${join(values, ', ')}`;
}

/** Numbers that drivers take as text are numbers again, without losing digits. */
function cellOf({ name }: SqlDialect, { kind }: ColumnModel, value: unknown): Sql {
  const exact = kind === 'decimal' || kind === 'bigint';
  if (!exact || value === null || name === 'postgres') return bind(value);
  if (name === 'sqlite') return sql`CAST(${bind(value)} AS NUMERIC)`;
  return kind === 'bigint' ? sql`CAST(${bind(value)} AS SIGNED)` : sql`CAST(${bind(value)} AS DECIMAL(65, 30))`;
}
