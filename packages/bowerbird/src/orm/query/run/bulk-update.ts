import { pathOf } from '../../describe/describe-relation.js';
import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { type RawKey } from '../compile/keys.js';
import { isAlways } from '../compile/predicate.js';
import { compileWhere } from '../compile/select.js';
import { assignedValue } from '../lookups/column-value.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { WRITE_DIALECTS } from '../sql/write-dialect.js';
import { movedColumns, ownColumns } from './conflicts.js';
import { readerOf, storerOf } from './insert-columns.js';
import { hearsUpdates, updateObserved } from './observed.js';
import { refuseSliced } from './write.js';
import { KeyRows, lockKeys } from './written-keys.js';

/** How {@link QuerySet.bulkUpdate} writes rows. */
export interface BulkUpdateOptions {
  /** Most rows of one statement; 500. */
  readonly batch?: number;
}

/** Rows of one statement: more make it slower on MySQL, and hardly faster elsewhere. */
const BATCH = 500;
/** Most values of one statement, whichever the database. */
const MOST_VALUES = 32_000;

/** A row that is there: its key, and the key with what is stored for it. */
interface ChangedRow {
  readonly key: RawKey;
  readonly values: readonly unknown[];
}

/** Stores fields of rows that are there and returns how many were. @throws IntegrityError, BadLookupValueError */
export async function bulkUpdate(
  engine: QueryEngine,
  state: QueryState,
  rows: readonly object[],
  fields: readonly string[],
  { batch = BATCH }: BulkUpdateOptions,
): Promise<number> {
  if (!(batch >= 1)) throw new QueryUsageError(`bulkUpdate() takes batches of at least one row, got ${batch}`);
  refuseSliced(state, 'bulkUpdate');
  const model = engine.model(state.entity);
  const update = new BulkUpdate(engine, model, changedColumns(model, fields), fields);
  const changed = update.prepare(rows);
  if (changed.length === 0 || state.empty) return 0;
  const size = Math.max(1, Math.min(batch, Math.floor(MOST_VALUES / changed[0]!.values.length)));
  const plain = changed.length <= size && isEveryRow(model, state) && !hearsUpdates(engine, model);
  if (plain) return update.change(changed);
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
    private readonly model: EntityModel,
    private readonly columns: readonly ColumnModel[],
    private readonly fields: readonly string[],
  ) {}

  /** The keys and values to store; of a row that is given twice the last. @throws BadLookupValueError */
  prepare(rows: readonly object[]): ChangedRow[] {
    const { model, columns } = this;
    const cells = [...model.primary, ...columns].map((column) => cellOf(model, column));
    const known = new Map<string, ChangedRow>();
    for (const row of rows) {
      const values = cells.map((cell) => cell(row));
      const key = values.slice(0, model.primary.length);
      known.set(nameOf(key), { key, values });
    }
    return [...known.values()];
  }

  /** Changes those of the rows that the query has, and tells of them. */
  async store(state: QueryState, rows: readonly ChangedRow[]): Promise<number> {
    const { engine, model } = this;
    const own = isEveryRow(model, state) ? rows : await this.matching(state, rows);
    if (own.length === 0) return 0;
    if (!hearsUpdates(engine, model)) return this.change(own);
    const byKey = new Map(own.map((row) => [row.key, row]));
    let count = 0;
    const change = async (keys: readonly RawKey[]): Promise<number> => {
      const some = await this.change(keys.map((key) => byKey.get(key)!));
      count += some;
      return some;
    };
    await updateObserved(engine, model, [...byKey.keys()], change, { changed: this.fields });
    return count;
  }

  /** One statement. */
  async change(rows: readonly ChangedRow[]): Promise<number> {
    const { engine, model, columns } = this;
    const statement = WRITE_DIALECTS[model.dialect.name].update({
      model,
      columns,
      keys: model.primary,
      rows: rows.map(({ values }) => values),
      automatic: this.automatic(),
    });
    return engine.change(statement);
  }

  private async matching(state: QueryState, rows: readonly ChangedRow[]): Promise<readonly ChangedRow[]> {
    const { engine, model } = this;
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

  private automatic(): readonly Sql[] {
    const { model, columns } = this;
    return movedColumns(model)
      .filter(({ column }) => !columns.includes(column))
      .map(({ column, version }) => {
        const name = model.dialect.quote(column.name);
        return version
          ? raw(`${name} = t0.${name} + 1`)
          : sql`${raw(name)} = ${model.dialect.now(column.metadata.precision ?? 0)}`;
      });
  }
}

/** @throws UnknownPathError, UnfitPathError, QueryUsageError */
function changedColumns(model: EntityModel, fields: readonly string[]): readonly ColumnModel[] {
  const columns = [...new Set(fields.flatMap((path) => ownColumns(model, path)))];
  if (columns.length === 0) throw new QueryUsageError('bulkUpdate() needs the names of the fields to store');
  const key = columns.find((column) => model.primary.includes(column));
  if (key)
    throw new QueryUsageError(
      `"${key.path}" is part of the key of ${model.name}, by which bulkUpdate() finds its rows`,
    );
  return columns;
}

/** What is stored of a row; a value that is not there is an error. @throws BadLookupValueError */
function cellOf(model: EntityModel, column: ColumnModel): (row: object) => unknown {
  const read = readerOf(model, column);
  const store = storerOf(column);
  const path = pathOf(column.metadata);
  return (row) => {
    const value = read(row);
    return value === undefined || value === null ? assignedValue(column, value, path) : store(value);
  };
}

/** Whether a query has no condition at all. */
function isEveryRow(model: EntityModel, state: QueryState): boolean {
  return !state.seek && isAlways(compileWhere(new JoinScope(model, new AliasSource()), state));
}

function nameOf(key: RawKey): string {
  return JSON.stringify(key.map(String));
}
