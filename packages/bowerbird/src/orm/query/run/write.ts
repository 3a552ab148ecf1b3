import { deleteSql, resolveAssignments, updateSql, type Assignment } from '../compile/change.js';
import { AliasSource, JoinScope } from '../compile/join-scope.js';
import { inKeys, keyChunks, type RawKey } from '../compile/keys.js';
import { type Predicate } from '../compile/predicate.js';
import { compileWhere, planSelect } from '../compile/select.js';
import { type EntityModel } from '../model/entity-model.js';
import { type QueryEngine } from '../query-engine.js';
import { initialState, isSliced, type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { type Sql } from '../sql/sql.js';
import { loadWritten, type WrittenRow } from './written.js';

/** Sets columns of every matching row and returns how many there are. @throws FieldError, IntegrityError */
export async function updateRows(
  engine: QueryEngine,
  state: QueryState,
  values: Readonly<Record<string, unknown>>,
): Promise<number> {
  refuseSliced(state, 'update');
  const model = engine.model(state.entity);
  const assignments = resolveAssignments(model, values);
  if (state.empty || assignments.length === 0) return 0;
  if (isObserved(engine, model)) return engine.source.atomic(() => updateObserved(engine, state, assignments));
  return engine.change(changeSql(engine, state, (scope, where) => updateSql(scope, assignments, where)));
}

/** Deletes every matching row and returns how many there were. Foreign keys decide about rows that refer to them. */
export async function deleteRows(engine: QueryEngine, state: QueryState): Promise<number> {
  refuseSliced(state, 'delete');
  if (state.empty) return 0;
  const model = engine.model(state.entity);
  if (isObserved(engine, model)) return engine.source.atomic(() => deleteObserved(engine, state));
  return engine.change(changeSql(engine, state, deleteSql));
}

type ChangeWriter = (scope: JoinScope, where: Predicate) => Sql;

function changeSql(engine: QueryEngine, state: QueryState, write: ChangeWriter): Sql {
  const scope = new JoinScope(engine.model(state.entity), new AliasSource());
  return write(scope, state.seek ? planSelect(scope, state).where : compileWhere(scope, state));
}

function isObserved({ source }: QueryEngine, { description }: EntityModel): boolean {
  return source.writes.interested(description);
}

async function updateObserved(
  engine: QueryEngine,
  state: QueryState,
  assignments: readonly Assignment[],
): Promise<number> {
  const before = await loadWritten(engine, state, { lock: true });
  const keys = before.map(({ key }) => key);
  await changeByKeys(engine, state, keys, (scope, where) => updateSql(scope, assignments, where));
  const after = new Map<string, WrittenRow>();
  for (const chunk of keyChunks(keys))
    for (const row of await loadWritten(engine, initialState(state.entity), { keys: chunk })) after.set(row.name, row);
  const { description } = engine.model(state.entity);
  for (const row of before) {
    const now = after.get(row.name) ?? row;
    if (!isSame(row, now))
      await engine.source.writes.notify({
        kind: 'update',
        description,
        key: row.entityKey,
        text: now.text,
        before: row.values,
        after: now.values,
      });
  }
  return before.length;
}

async function deleteObserved(engine: QueryEngine, state: QueryState): Promise<number> {
  const before = await loadWritten(engine, state, { lock: true });
  const keys = before.map(({ key }) => key);
  const deleted = await changeByKeys(engine, state, keys, deleteSql);
  const { description } = engine.model(state.entity);
  for (const { entityKey, text, values } of before)
    await engine.source.writes.notify({ kind: 'delete', description, key: entityKey, text, before: values });
  return deleted;
}

async function changeByKeys(
  engine: QueryEngine,
  { entity }: QueryState,
  keys: readonly RawKey[],
  write: ChangeWriter,
): Promise<number> {
  const model = engine.model(entity);
  let changed = 0;
  for (const chunk of keyChunks(keys)) {
    const scope = new JoinScope(model, new AliasSource());
    const columns = model.primary.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
    changed += await engine.change(write(scope, { sql: inKeys(columns, chunk), certain: true }));
  }
  return changed;
}

function isSame(before: WrittenRow, after: WrittenRow): boolean {
  return JSON.stringify(before.values, exactly) === JSON.stringify(after.values, exactly);
}

function exactly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function refuseSliced(state: QueryState, what: string): void {
  if (isSliced(state) || state.distinct)
    throw new QueryUsageError(`A sliced or distinct query cannot ${what}`, {
      hint: `Filter by its keys: objects(E).filter({ pk__in: query.flat('pk') }).${what}(…)`,
    });
}
