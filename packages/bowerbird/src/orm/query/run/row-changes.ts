import { givenAssignments, inReadingOrder, type Assignment } from '../compile/change.js';
import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { Expression } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryState } from '../query-state.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type NewColumnValue, type ValueTable } from '../sql/write-dialect.js';
import { movedColumns } from './conflicts.js';

/** A column that rows set, and the path that sets it. */
export interface ChangedColumn {
  readonly column: ColumnModel;
  readonly path: string;
}

/** Columns that rows set to values of their own, and values that are the same for all of them. */
export interface RowChanges {
  readonly model: EntityModel;
  readonly state: QueryState;
  readonly columns: readonly ChangedColumn[];
  readonly set: Readonly<Record<string, unknown>>;
}

/** The cells of a row: those of its key, then those of its columns, each a value or an expression. */
export type Cells = readonly unknown[];

/** What becomes of a column whose value the database works out, for some rows or for all. */
interface Worked {
  /** Each different value once. */
  readonly choices: readonly Assignment[];
  /** For each row the number of its choice, from 1; 0 for a row that gives a value. */
  readonly picks: readonly number[];
}

const NOTHING_READ: ReadonlySet<ColumnModel> = new Set();

/**
 * The new values of some rows as a table. Cells that are expressions are compiled into the statement: where rows have
 * different ones, a number beside their values says which is theirs.
 */
export class RowTable implements ValueTable {
  readonly model: EntityModel;
  readonly keys: readonly ColumnModel[];
  readonly rows: readonly Cells[];
  private readonly shared: readonly Assignment[];
  private readonly worked: readonly (Worked | undefined)[];
  /** Those that differ between rows. */
  private readonly varied: readonly Worked[];
  /** Numbers of the columns of which some rows give values. */
  private readonly held: readonly number[];

  /** @throws FieldError, QueryUsageError */
  constructor(
    private readonly changes: RowChanges,
    rows: readonly Cells[],
  ) {
    const { model, state, set, columns } = changes;
    const scope = new JoinScope(model, new AliasSource());
    this.model = model;
    this.keys = model.primary;
    this.shared = givenAssignments(scope, state, set);
    this.worked = columns.map(({ path }, index) => workOut(scope, state, path, this.column(rows, index)));
    this.varied = this.worked.filter((one): one is Worked => one !== undefined && !isSame(one));
    this.held = [...columns.keys()].filter((index) => !this.worked[index] || !isSame(this.worked[index]));
    this.rows = this.worked.some(Boolean) ? rows.map((cells, index) => this.cells(cells, index)) : rows;
  }

  get columns(): readonly ColumnModel[] {
    return this.held.map((index) => this.changes.columns[index]!.column);
  }

  get numbers(): number {
    return this.varied.length;
  }

  /** @throws QueryUsageError when columns read each other and the database sets one after another */
  sets(at: (place: number) => Sql): readonly NewColumnValue[] {
    const own = this.changes.columns.map(({ column }, index) => this.assignment(column, index, at));
    const all = [...this.shared, ...own];
    const given = new Set(all.map(({ column }) => column));
    return [...inReadingOrder(this.model, all), ...automatic(this.model).filter(({ column }) => !given.has(column))];
  }

  private assignment(column: ColumnModel, index: number, at: (place: number) => Sql): Assignment {
    const worked = this.worked[index];
    if (worked && isSame(worked)) return worked.choices[0]!;
    const given = at(this.keys.length + this.held.indexOf(index));
    if (!worked) return { column, value: given, reads: NOTHING_READ };
    const number = at(this.keys.length + this.held.length + this.varied.indexOf(worked));
    const cases = worked.choices.map(({ value }, choice) => sql`WHEN ${raw(`${choice + 1}`)} THEN ${value}`);
    const reads = new Set(worked.choices.flatMap((choice) => [...choice.reads]));
    return { column, reads, value: sql`CASE ${number} ${join(cases, ' ')} ELSE ${given} END` };
  }

  /** What stands in the table for a row. */
  private cells(cells: Cells, row: number): Cells {
    const values = this.held.map((index) => cells[this.keys.length + index]);
    const plain = values.map((value) => (value instanceof Expression ? null : value));
    return [...cells.slice(0, this.keys.length), ...plain, ...this.varied.map(({ picks }) => picks[row])];
  }

  private column(rows: readonly Cells[], index: number): readonly unknown[] {
    return rows.map((cells) => cells[this.keys.length + index]);
  }
}

/** The different expressions among the cells of a column; undefined where there are none. */
function workOut(scope: JoinScope, state: QueryState, path: string, cells: readonly unknown[]): Worked | undefined {
  if (!cells.some((cell) => cell instanceof Expression)) return undefined;
  const choices: Assignment[] = [];
  const numbers = new Map<unknown, number>();
  const numberOf = (expression: Expression): number => {
    const [made] = givenAssignments(scope, state, { [path]: expression });
    const name = nameOf(made!.value);
    const number = numbers.get(name) ?? choices.push(made!);
    numbers.set(expression, number).set(name, number);
    return number;
  };
  const picks = cells.map((cell) => (cell instanceof Expression ? (numbers.get(cell) ?? numberOf(cell)) : 0));
  return { choices, picks };
}

function isSame({ choices, picks }: Worked): boolean {
  return choices.length === 1 && !picks.includes(0);
}

/** The date of the change and the version. */
function automatic(model: EntityModel): NewColumnValue[] {
  return movedColumns(model).map(({ column, version }) => {
    const next = raw(`t0.${model.dialect.quote(column.name)} + 1`);
    return { column, value: version ? next : model.dialect.now(column.metadata.precision ?? 0) };
  });
}

/** Equal for SQL that comes to the same. */
function nameOf({ texts, values }: Sql): string {
  const shown = values.map((value) => `${typeof value} ${value instanceof Date ? value.toISOString() : String(value)}`);
  return JSON.stringify([texts, shown]);
}
