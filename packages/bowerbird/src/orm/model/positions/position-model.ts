import { AliasSource, JoinScope } from '../../query/compile/join-scope.js';
import { inKeys, keyChunks, type RawKey } from '../../query/compile/keys.js';
import { SelectList } from '../../query/compile/select-list.js';
import { lockSql } from '../../query/compile/select.js';
import { type ColumnModel, type EntityModel } from '../../query/model/entity-model.js';
import { type RelationModel } from '../../query/model/relation-model.js';
import { type QueryEngine } from '../../query/query-engine.js';
import { WAITING_LOCK } from '../../query/query-state.js';
import { ownColumns } from '../../query/run/conflicts.js';
import { bind, join, NOTHING, raw, sql, type Sql } from '../../query/sql/sql.js';

/** The column of positions of an entity, and the columns whose equal values make rows those of one parent. */
export interface PositionModel {
  readonly model: EntityModel;
  readonly column: ColumnModel;
  readonly within: readonly ColumnModel[];
  /** The relations that lead to parents. */
  readonly parents: readonly RelationModel[];
}

/** Where a row stands. */
export interface PlacedKey {
  readonly key: RawKey;
  /** The values that make its parent. */
  readonly group: RawKey;
  readonly position: number;
}

/** Equal for equal keys. */
export function nameOf(key: RawKey): string {
  return JSON.stringify(key.map(String));
}

/** What is known of the positions of an entity; undefined where it has none. */
export function positionModel(model: EntityModel): PositionModel | undefined {
  const { position } = model.description;
  if (!position) return undefined;
  const paths = position.within.map((path) => model.description.field(path)?.relation ?? path);
  return {
    model,
    column: ownColumns(model, position.path)[0]!,
    within: position.within.flatMap((path) => ownColumns(model, path)),
    parents: paths.flatMap((path) => model.relation(path) ?? []),
  };
}

/**
 * The greatest position under each of some parents, in their order, null where there is no row; rows of some keys do not
 * count.
 */
export async function lastPositions(
  engine: QueryEngine,
  place: PositionModel,
  groups: readonly RawKey[],
  except: readonly RawKey[] = [],
): Promise<readonly (number | null)[]> {
  const last: (number | null)[] = [];
  for (let start = 0; start < groups.length; start += GROUPS) {
    const some = groups.slice(start, start + GROUPS);
    const columns = some.map((group, index) => sql`(${lastSql(place, group, except)}) AS ${raw(`m${index}`)}`);
    const [row] = await engine.rows(sql`SELECT ${join(columns, ', ')}`);
    last.push(...some.map((_, index) => (row![`m${index}`] as number | null) ?? null));
  }
  return last.map((position) => (position === null ? null : Number(position)));
}

/** Parents that one statement asks for. */
const GROUPS = 100;

function lastSql({ model, column, within }: PositionModel, group: RawKey, except: readonly RawKey[]): Sql {
  const scope = new JoinScope(model, new AliasSource());
  const conditions = within.map((each, index) => {
    const own = scope.joinedColumn([], each);
    return group[index] === null ? sql`${own} IS NULL` : sql`${own} = ${bind(group[index])}`;
  });
  if (except.length > 0) conditions.push(sql`NOT (${inKeys(keyColumns(scope), except)})`);
  const where = conditions.length > 0 ? sql` WHERE ${join(conditions, ' AND ')}` : NOTHING;
  return sql`SELECT MAX(${scope.joinedColumn([], column)}) FROM ${scope.from()}${where}`;
}

/**
 * Holds the parents until the transaction ends, so that no two that add rows to one of them see the same last position.
 * References to them may still be stored. Rows without a parent have nothing to hold.
 */
export async function lockParents(
  engine: QueryEngine,
  { within, parents }: PositionModel,
  groups: readonly RawKey[],
): Promise<void> {
  if (engine.dialect.name === 'sqlite' || !engine.source.inTransaction) return;
  for (const { pairs, target } of parents) {
    const places = pairs.map(({ own }) => within.indexOf(own));
    const keys = groups.map((group) => places.map((at) => group[at])).filter((key) => !key.includes(null));
    if (places.includes(-1) || keys.length === 0) continue;
    const scope = new JoinScope(target, new AliasSource());
    const columns = pairs.map((pair) => ({ column: pair.target, sql: scope.joinedColumn([], pair.target) }));
    const ordered = join(
      columns.map(({ sql: column }) => column),
      ', ',
    );
    const lock = lockSql(scope, { ...WAITING_LOCK, noKey: true });
    for (const some of keyChunks([...new Map(keys.map((key) => [nameOf(key), key])).values()]))
      await engine.rows(
        sql`SELECT 1 AS held FROM ${scope.from()} WHERE ${inKeys(columns, some)} ORDER BY ${ordered}${lock}`,
      );
  }
}

/** Where the rows of some keys stand, each of which stays until the transaction ends. */
export async function placesOf(
  engine: QueryEngine,
  { model, column, within }: PositionModel,
  keys: readonly RawKey[],
): Promise<readonly PlacedKey[]> {
  const found: PlacedKey[] = [];
  for (const some of keyChunks(keys)) {
    const scope = new JoinScope(model, new AliasSource());
    const list = new SelectList();
    const alias = (each: ColumnModel) => list.column(scope.joinedColumn([], each), each);
    const [own, parent, position] = [model.primary.map(alias), within.map(alias), alias(column)];
    const where = inKeys(keyColumns(scope), some);
    const lock = lockSql(scope, WAITING_LOCK);
    const rows = await engine.rows(sql`SELECT ${list.sql()} FROM ${scope.from()} WHERE ${where}${lock}`);
    for (const row of rows)
      found.push({
        key: own.map((name) => row[name]),
        group: parent.map((name) => row[name]),
        position: Number(row[position]),
      });
  }
  return found;
}

function keyColumns(scope: JoinScope) {
  return scope.model.primary.map((column) => ({ column, sql: scope.joinedColumn([], column) }));
}
