import { conditionFor } from '../describe/condition-text.js';
import { pathOf } from '../describe/describe-relation.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { FieldError } from '../orm.errors.js';
import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { insertColumns, UNSET } from '../query/run/insert-columns.js';
import { bind, join, raw, sql, type Sql } from '../query/sql/sql.js';

/** A rule of the table that a row would break. */
export interface BrokenConstraint {
  readonly kind: 'check' | 'unique';
  /** As the database names it. */
  readonly name: string;
  /** Paths that it speaks of. */
  readonly paths: readonly string[];
}

/** What is asked. */
export interface ConstraintQuestion {
  /** The row as it would be stored; what it leaves undefined is not known. */
  readonly row: object;
  /** Whether it would be inserted. */
  readonly isNew: boolean;
  /** Rules that speak of none of these paths are left out. */
  readonly paths: ReadonlySet<string>;
}

/** A rule that can be asked: every value that it speaks of is known. */
interface Rule extends BrokenConstraint {
  /** Broken where it is false; for a unique set: concerned where it is true. */
  readonly condition: string;
}

/**
 * Asks the database which checks a row would break, and which unique sets with a condition another row has already. The
 * conditions are evaluated as they are written, over a row of one's own, so nothing is stored. The constraints themselves
 * still decide on save.
 */
export async function brokenConstraints(
  engine: QueryEngine,
  model: EntityModel,
  question: ConstraintQuestion,
): Promise<readonly BrokenConstraint[]> {
  const cells = cellsOf(model, question.row);
  const rules = rulesOf(model.description, new Set([...cells.keys()].map(({ name }) => name)), question.paths);
  if (rules.length === 0) return [];
  const flags = rules.map(({ kind, condition }, index) => {
    const written = conditionFor(model.dialect.name, condition);
    const asked = raw(kind === 'check' ? `NOT (${written})` : written);
    return sql`CASE WHEN ${asked} THEN 1 ELSE 0 END AS ${raw(`f${index}`)}`;
  });
  const [answer] = await engine.rows(sql`SELECT ${join(flags, ', ')} FROM (${candidate(model, cells)}) AS candidate`);
  const concerned = rules.filter((_, index) => Number(answer?.[`f${index}`]) === 1);
  const broken: BrokenConstraint[] = [];
  for (const rule of concerned)
    if (rule.kind === 'check' || (await isTaken(engine, model, rule, cells, question))) broken.push(rule);
  return broken.map(({ kind, name, paths }) => ({ kind, name, paths }));
}

type Cells = ReadonlyMap<ColumnModel, unknown>;

/** The values that are known, as they would be stored. */
function cellsOf(model: EntityModel, row: object): Cells {
  const cells = new Map<ColumnModel, unknown>();
  for (const { column, cell } of insertColumns(model)) {
    const value = tried(() => cell(row));
    const known = value === UNSET ? literalDefault(column) : value;
    if (known !== UNSET) cells.set(column, known);
  }
  return cells;
}

/** A value that does not fit its column is for other rules to tell. */
function tried(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldError) return UNSET;
    throw error;
  }
}

function literalDefault({ field }: ColumnModel): unknown {
  const value = field?.default;
  return ['string', 'number', 'boolean'].includes(typeof value) ? value : UNSET;
}

function rulesOf(
  { checks, indexes, fields, relations }: EntityDescription,
  known: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
): readonly Rule[] {
  const columns = new Map<string, string>();
  for (const { path, column, relation } of fields) columns.set(column, relation ?? path);
  for (const relation of relations) for (const { column } of relation.columns) columns.set(column, relation.path);
  const spoken = (text: string): readonly string[] =>
    [...columns.keys()].filter((name) => new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`).test(text));
  const rules = [
    ...checks.map(({ name, expression }) => ({ kind: 'check' as const, name, condition: expression, own: [] })),
    ...indexes.flatMap(({ name, where, unique, paths }) =>
      unique && where ? [{ kind: 'unique' as const, name, condition: where, own: paths }] : [],
    ),
  ];
  return rules.flatMap(({ own, ...rule }): Rule[] => {
    const named = spoken(rule.condition);
    const paths = own.length > 0 ? own : [...new Set(named.map((name) => columns.get(name)!))];
    const asked = [...own, ...named.map((name) => columns.get(name)!)].some((path) => wanted.has(path));
    return asked && named.every((name) => known.has(name)) ? [{ ...rule, paths }] : [];
  });
}

/** One row of the values; the empty part before it gives the columns their names and types. */
function candidate(model: EntityModel, cells: Cells): Sql {
  const { dialect } = model;
  const names = [...cells.keys()].map(({ name }) => raw(dialect.quote(name)));
  const values = [...cells].map(([{ kind }, value]) => {
    const numeric = dialect.name === 'sqlite' && (kind === 'decimal' || kind === 'bigint');
    return numeric ? sql`CAST(${bind(value)} AS NUMERIC)` : bind(value);
  });
  return sql`SELECT ${join(names, ', ')} FROM ${model.table} WHERE 1 = 0 UNION ALL SELECT ${join(values, ', ')}`;
}

/** Whether another row that the condition of a unique set holds for has the same values. */
async function isTaken(
  engine: QueryEngine,
  model: EntityModel,
  { condition, paths }: Rule,
  cells: Cells,
  { isNew }: ConstraintQuestion,
): Promise<boolean> {
  const columns = paths.flatMap((path) => [...cells.keys()].filter(({ metadata }) => pathOf(metadata) === path));
  const values = columns.map((column) => cells.get(column));
  if (columns.length < paths.length || values.some((value) => value === null)) return false;
  const equal = (column: ColumnModel): Sql =>
    sql`${raw(model.dialect.quote(column.name))} = ${model.dialect.bound(cells.get(column), column.kind)}`;
  const own = isNew ? [] : [sql`NOT (${join(model.primary.map(equal), ' AND ')})`];
  const where = join([raw(`(${condition})`), ...columns.map(equal), ...own], ' AND ');
  const rows = await engine.rows(sql`SELECT 1 AS one FROM ${model.table} WHERE ${where}${raw(' LIMIT 1')}`);
  return rows.length > 0;
}

function escaped(name: string): string {
  return name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
