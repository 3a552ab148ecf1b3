import { QueryFailedError, type DataSource } from 'typeorm';

import { type DriverError } from '../../drivers/database-driver.js';
import { UniqueError } from '../../orm.errors.js';
import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { inKeys, type RawKey } from '../compile/keys.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryEngine, type RawRow } from '../query-engine.js';
import { NOTHING, raw, sql, type Sql, type Statement } from '../sql/sql.js';
import { OTHER_CONFLICT, WRITE_DIALECTS, type ConflictColumns } from '../sql/write-dialect.js';
import { UNSET, type InsertColumn } from './insert-columns.js';
import { InsertWriter, type NewRow } from './insert-plan.js';
import { ReturnedColumns } from './returned-columns.js';

/** Stands for a row of which the database tells nothing. */
export const UNTOLD: RawRow = Object.freeze({});

/** The row that a new one refers to, in the statement that reads the one and stores the other. */
const REFERRED = raw('bowerbird_referred');

/** What a statement stored, and what the database gave back of each row. */
export interface Stored {
  readonly rows: readonly NewRow[];
  readonly returned: ReturnedColumns | undefined;
  readonly answers: readonly RawRow[];
}

/** The statement of one row of which the same columns are filled, and what it gives back. */
export interface InsertShape {
  readonly sql: string;
  /** Numbers of the columns whose cells are the parameters. */
  readonly filled: readonly number[];
  readonly returned: ReturnedColumns | undefined;
}

/** What MySQL tells of an insert. */
interface MysqlAnswer {
  readonly insertId: number | string;
}

/** Inserts rows by one statement, and learns what the database made of them. */
export class InsertRunner {
  /** Whether statements give back what they stored: not on MySQL, nor on MariaDB before 10.5. */
  readonly returns: boolean;
  private readonly writer: InsertWriter;
  private readonly places: ReadonlyMap<ColumnModel, number>;

  constructor(
    private readonly engine: QueryEngine,
    private readonly model: EntityModel,
    private readonly columns: readonly InsertColumn[],
    readonly conflict: ConflictColumns | 'ignore' | undefined,
  ) {
    this.returns = returnsInserted(engine.source.dataSource);
    this.writer = new InsertWriter(model, columns);
    this.places = new Map(columns.map(({ column }, index) => [column, index]));
  }

  /** Where the cell of a column is. */
  place(column: ColumnModel): number {
    return this.places.get(column)!;
  }

  /** A name that is equal for rows of which one statement may change only one. */
  readonly nameOf = ({ cells }: NewRow): string | undefined => {
    if (!this.conflict || this.conflict === 'ignore') return undefined;
    const key = this.conflict.unique.map((column) => cells[this.place(column)]);
    return key.includes(UNSET) || key.includes(null) ? undefined : JSON.stringify(key.map(String));
  };

  /** How a row is inserted whose database gives back what it stored: what it made, or with `whole` all columns. */
  shapeOf(row: NewRow, whole: boolean): InsertShape {
    const returned = whole ? columnsOf([...this.model.primary, ...this.stored]) : this.returned([row]);
    const filled = [...row.cells.keys()].filter((index) => row.cells[index] !== UNSET);
    return { sql: this.writer.insert([row], returned?.sql() ?? NOTHING).sql, filled, returned };
  }

  /**
   * As {@link shapeOf} with all columns, for a row that is stored where a query has a row, which the statement reads beside
   * it: that one's columns under their own aliases. The parameters of the query come first. Only PostgreSQL changes rows in
   * a WITH. Where the row that is referred to is there, and a trigger has kept the new one from being stored, the columns of
   * that one are null.
   */
  referringShapeOf({ cells }: NewRow, referred: Statement): InsertShape {
    const returned = new ReturnedColumns(columnsOf([...this.model.primary, ...this.stored]).columns, 'n');
    const filled = [...cells.keys()].filter((index) => cells[index] !== UNSET);
    const insert = this.writer.insertFrom(REFERRED, filled, referred.parameters.length, returned.sql());
    const parts = sql`${REFERRED} AS (${raw(referred.sql)}), stored AS (${raw(insert)})`;
    const { texts } = sql`WITH ${parts} SELECT * FROM ${REFERRED} LEFT JOIN stored ON true`;
    return { sql: texts[0]!, filled, returned };
  }

  /** Stores rows that fit into one statement. @throws IntegrityError */
  async insert(rows: readonly NewRow[]): Promise<Stored> {
    const returned = this.returned(rows);
    const rule = this.onConflict(rows);
    const tail = returned && this.returns ? sql`${rule}${returned.sql()}` : rule;
    const { sql: text, parameters } = this.writer.insert(rows, tail);
    const answer = await this.explained(() => this.engine.source.query(text, parameters));
    if (!returned) return { rows, returned, answers: [] };
    if (this.returns) return { rows, returned, answers: answer as readonly RawRow[] };
    const kept = this.overwriting(rows);
    const answers = kept ? this.readKept(rows, kept, returned) : this.readMade(rows, answer as MysqlAnswer, returned);
    return { rows, returned, answers: await answers };
  }

  /** Whether a row may be in the way of this one: no values of the unique set are missing. */
  readonly mayConflict = ({ cells }: NewRow): boolean => {
    const { conflict } = this;
    if (!conflict || conflict === 'ignore') return conflict !== undefined;
    return conflict.unique.every((column) => {
      const cell = cells[this.place(column)];
      return cell === UNSET ? isMade(column) && !column.metadata.isGenerated : cell !== null;
    });
  };

  /** The columns of the table that make up an entity. */
  private get stored(): readonly ColumnModel[] {
    return this.model.selected.filter(({ metadata }) => !metadata.isVirtualProperty);
  }

  /** What the database knows of the rows that nobody else does; undefined for nothing. */
  private returned(rows: readonly NewRow[]): ReturnedColumns | undefined {
    const { model, conflict, returns, stored } = this;
    if (conflict === 'ignore') return undefined;
    if (conflict && returns) return columnsOf([...model.primary, ...stored]);
    const kept = this.overwriting(rows);
    if (kept) return columnsOf([...model.primary, ...kept.unique, ...stored]);
    const unset = this.columns.filter((_, index) => rows.some(({ cells }) => cells[index] === UNSET));
    const given = new Set(this.columns.map(({ column }) => column));
    const made = [
      ...unset.map(({ column }) => column).filter(isMade),
      ...stored.filter((column) => !given.has(column)),
    ];
    return made.length === 0 ? undefined : columnsOf(returns ? made : [...model.primary, ...made]);
  }

  /** MySQL tells the first of the keys that it made; those of one statement follow each other. */
  private async readMade(
    rows: readonly NewRow[],
    { insertId }: MysqlAnswer,
    returned: ReturnedColumns,
  ): Promise<RawRow[]> {
    const { engine, model } = this;
    const [{ step }] = await engine.source.query<[{ step: number }]>('SELECT @@auto_increment_increment AS step');
    const keys = rows.map(({ cells }, index) =>
      model.primary.map((column): unknown => {
        const cell = cells[this.place(column)];
        return cell === UNSET ? String(BigInt(insertId) + BigInt(index) * BigInt(step)) : cell;
      }),
    );
    return this.read(model.primary, keys, returned);
  }

  /**
   * MySQL does not tell the keys of rows that it changed: the unique set finds them. Rows whose values it writes in
   * another form than they were given stay untold.
   */
  private readKept(rows: readonly NewRow[], { unique }: ConflictColumns, returned: ReturnedColumns): Promise<RawRow[]> {
    const sets = rows.map(({ cells }) => unique.map((column) => cells[this.place(column)]));
    return this.read(unique, sets, returned);
  }

  private async read(
    by: readonly ColumnModel[],
    keys: readonly RawKey[],
    returned: ReturnedColumns,
  ): Promise<RawRow[]> {
    const { engine, model } = this;
    const scope = new JoinScope(model, new AliasSource());
    const columns = by.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
    const list = returned.list((column) => scope.joinedColumn([], column));
    const whole = keys.filter((key) => !key.includes(UNSET));
    if (whole.length === 0) return keys.map(() => UNTOLD);
    const rows = await engine.rows(sql`SELECT ${list} FROM ${scope.from()} WHERE ${inKeys(columns, whole)}`);
    const found = new Map(rows.map((row) => [nameOf(by.map((column) => returned.raw(row, column))), row]));
    return keys.map((key) => found.get(nameOf(key)) ?? UNTOLD);
  }

  /** What is told of conflicts; nothing of rows that cannot have one, whose keys MySQL then tells. */
  private onConflict(rows: readonly NewRow[]): Sql {
    const { conflict, model, returns } = this;
    const dialect = WRITE_DIALECTS[model.dialect.name];
    if (conflict === 'ignore') return dialect.ignore(model);
    const overwritten = returns ? conflict : this.overwriting(rows);
    return overwritten ? dialect.overwrite(overwritten) : NOTHING;
  }

  /** The rule for rows that others may be in the way of; a statement has only such rows or none. */
  private overwriting([first]: readonly NewRow[]): ConflictColumns | undefined {
    const { conflict } = this;
    return conflict && conflict !== 'ignore' && this.mayConflict(first!) ? conflict : undefined;
  }

  /** MySQL cannot be told which unique set decides; the statement fails by itself where another one is in the way. */
  private async explained<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof QueryFailedError ? (error.driverError as DriverError) : undefined;
      if (cause?.errno !== OTHER_CONFLICT) throw error;
      throw new UniqueError(
        `Another ${this.model.name} has the same values in a unique set that the update does not name`,
        [],
        undefined,
        {
          cause: error,
        },
      );
    }
  }
}

/** MySQL has no RETURNING, MariaDB has it from 10.5 on. */
function returnsInserted({ driver }: DataSource): boolean {
  if (!(driver.options.type === 'mysql' || driver.options.type === 'mariadb')) return true;
  const [major = 0, minor = 0] = (driver.version ?? '').split('.').map(Number);
  return driver.options.type === 'mariadb' && (major > 10 || (major === 10 && minor >= 5));
}

function columnsOf(columns: readonly ColumnModel[]): ReturnedColumns {
  return new ReturnedColumns([...new Set(columns)]);
}

/** Whether the database gives a column a value that is not just NULL. */
function isMade({ metadata }: ColumnModel): boolean {
  const { default: value, isGenerated, isCreateDate, isUpdateDate, isSelect, isPrimary } = metadata;
  if (!isSelect && !isPrimary) return false;
  return isGenerated || isCreateDate || isUpdateDate || (value !== undefined && value !== null);
}

function nameOf(key: RawKey): string {
  return JSON.stringify(key.map(String));
}
