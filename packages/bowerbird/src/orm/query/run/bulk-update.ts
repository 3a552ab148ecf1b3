import { pathOf } from '../../describe/describe-relation.js';
import { type RawKey } from '../compile/keys.js';
import { openScope } from '../compile/open-scope.js';
import { isAlways } from '../compile/predicate.js';
import { compileWhere } from '../compile/select.js';
import { Expression } from '../expressions/expression.js';
import { assignedValue } from '../lookups/column-value.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { WRITE_DIALECTS } from '../sql/write-dialect.js';
import { writtenColumns } from './conflicts.js';
import { readerOf, storerOf } from './insert-columns.js';
import { hearsUpdates, updateObserved } from './observed.js';
import { RowTable, type Cells, type ChangedColumn, type RowChanges } from './row-changes.js';
import { refuseSliced } from './write.js';
import { KeyRows, lockKeys } from './written-keys.js';

/** How rows are changed. */
export interface BulkUpdateRequest {
  readonly batch?: number;
  readonly set?: Readonly<Record<string, unknown>>;
}

/** Rows of one statement: more make it slower on MySQL, and hardly faster elsewhere. */
const BATCH = 500;
/** Most values of one statement, whichever the database. */
const MOST_VALUES = 32_000;
/** Most values of the expressions of one statement: what SQLite needs to prepare them grows with their square. */
const MOST_WORKED_OUT = 500;

/** A row that is there: its key, and the key with what is stored for it. */
interface ChangedRow {
  readonly key: RawKey;
  readonly values: Cells;
}

/** Stores fields of rows that are there and returns how many were. @throws IntegrityError, BadLookupValueError */
export async function bulkUpdate(
  engine: QueryEngine,
  state: QueryState,
  rows: readonly object[],
  fields: readonly string[],
  { batch = BATCH, set = {} }: BulkUpdateRequest,
): Promise<number> {
  if (!(batch >= 1)) throw new QueryUsageError(`bulkUpdate() takes batches of at least one row, got ${batch}`);
  refuseSliced(state, 'bulkUpdate');
  const model = engine.model(state.entity);
  const update = new BulkUpdate(engine, { model, state, set, columns: changedColumns(model, fields, set) });
  const changed = update.prepare(rows);
  if (changed.length === 0 || state.empty) return 0;
  const size = Math.max(1, Math.min(batch, Math.floor(MOST_VALUES / changed[0]!.values.length)));
  const plain = changed.length <= size && isEveryRow(engine, state) && !update.isHeard;
  if (plain && !update.computes) return update.change(changed);
  return engine.source.atomic(async () => {
    let count = 0;
    for (let start = 0; start < changed.length; start += size)
      count += await update.store(state, changed.slice(start, start + size));
    return count;
  });
}

class BulkUpdate {
  constructor(
    private readonly engine: QueryEngine,
    private readonly changes: RowChanges,
  ) {}

  /** Whether the database works out values, for which one statement may not be enough. */
  computes = false;

  /** The paths that rows give, and those that are the same for all. */
  private get changed(): readonly string[] {
    const { columns, set } = this.changes;
    return [...new Set([...columns.map(({ path }) => path), ...Object.keys(set)])];
  }

  /** Whether somebody hears of the rows. */
  get isHeard(): boolean {
    return hearsUpdates(this.engine, this.changes.model, { changed: this.changed });
  }

  /** The keys and values to store; of a row that is given twice the last. @throws BadLookupValueError */
  prepare(rows: readonly object[]): ChangedRow[] {
    const { model, columns } = this.changes;
    const keys = model.primary.map((column) => valueOf(model, column, pathOf(column.metadata)));
    const cells = [...keys, ...columns.map((column) => cellOf(model, column))];
    const known = new Map<string, ChangedRow>();
    for (const row of rows) {
      const values = cells.map((cell) => cell(row));
      this.computes ||= values.some((value) => value instanceof Expression);
      const key = values.slice(0, model.primary.length);
      known.set(nameOf(key), { key, values });
    }
    return [...known.values()];
  }

  /** Changes those of the rows that the query has, and tells of them. */
  async store(state: QueryState, rows: readonly ChangedRow[]): Promise<number> {
    const { engine } = this;
    const { model, set } = this.changes;
    const own = isEveryRow(engine, state) ? rows : await this.matching(state, rows);
    if (own.length === 0) return 0;
    if (!this.isHeard) return this.change(own);
    const byKey = new Map(own.map((row) => [row.key, row]));
    let count = 0;
    const change = async (keys: readonly RawKey[]): Promise<number> => {
      const some = await this.change(keys.map((key) => byKey.get(key)!));
      count += some;
      return some;
    };
    await updateObserved(engine, model, [...byKey.keys()], change, { values: set, changed: this.changed });
    return count;
  }

  /** One statement, or several of fewer rows where these have many different expressions. */
  async change(rows: readonly ChangedRow[]): Promise<number> {
    const { engine, changes } = this;
    const table = new RowTable(
      changes,
      rows.map(({ values }) => values),
    );
    const statement = WRITE_DIALECTS[changes.model.dialect.name].update(table);
    const given = table.rows.length * (table.rows[0]?.length ?? 0);
    if (statement.values.length - given <= MOST_WORKED_OUT || rows.length === 1) return engine.change(statement);
    const half = Math.ceil(rows.length / 2);
    return (await this.change(rows.slice(0, half))) + (await this.change(rows.slice(half)));
  }

  private async matching(state: QueryState, rows: readonly ChangedRow[]): Promise<readonly ChangedRow[]> {
    const { engine } = this;
    const { model } = this.changes;
    const lookups = {
      pk__in: new KeyRows(
        model,
        rows.map(({ key }) => key),
      ),
    };
    const found = await lockKeys(engine, { ...state, where: [...state.where, { op: 'lookups', lookups }] });
    const names = new Set(found.map(nameOf));
    return rows.filter(({ key }) => names.has(nameOf(key)));
  }
}

/** The columns of the fields that rows have. @throws UnknownPathError, UnfitPathError, QueryUsageError */
function changedColumns(model: EntityModel, fields: readonly string[], set: RowChanges['set']): RowChanges['columns'] {
  const columns = new Set(fields.flatMap((path) => writtenColumns(model, path)));
  const shared = Object.keys(set).flatMap((path) => writtenColumns(model, path));
  if (columns.size + shared.length === 0)
    throw new QueryUsageError('bulkUpdate() needs the names of the fields to store');
  const key = [...columns, ...shared].find((column) => model.primary.includes(column));
  if (key)
    throw new QueryUsageError(
      `"${key.path}" is part of the key of ${model.name}, by which bulkUpdate() finds its rows`,
    );
  const twice = shared.find((column) => columns.has(column));
  if (twice)
    throw new QueryUsageError(`"${twice.path}" is a field that rows give and in \`set\``, {
      hint: 'Leave one of them out: `set` is for what is the same for all rows',
    });
  return [...columns].map((column) => ({ column, path: pathOf(column.metadata) }));
}

/** What a row has in a column: what is stored, or the expression that the database works out. */
function cellOf(model: EntityModel, { column, path }: ChangedColumn): (row: object) => unknown {
  const { relationMetadata: relation, propertyName } = column.metadata;
  const stored = valueOf(model, column, path);
  const read = relation
    ? (row: object) => (relation.getEntityValue(row) as unknown) ?? (row as Record<string, unknown>)[propertyName]
    : readerOf(model, column);
  return (row) => {
    const held = read(row);
    return held instanceof Expression ? held : stored(row);
  };
}

/** What is stored of a row; a value that is not there is an error. @throws BadLookupValueError */
function valueOf(model: EntityModel, column: ColumnModel, path: string): (row: object) => unknown {
  const read = readerOf(model, column);
  const store = storerOf(column);
  return (row) => {
    const value = read(row);
    return value === undefined || value === null ? assignedValue(column, value, path) : store(value);
  };
}

/** Whether a query has no condition at all. */
function isEveryRow(engine: QueryEngine, state: QueryState): boolean {
  return !state.seek && state.joins.length === 0 && isAlways(compileWhere(openScope(engine, state), state));
}

function nameOf(key: RawKey): string {
  return JSON.stringify(key.map(String));
}
