import { sqlNames } from '../../describe/condition-text.js';
import { CarriedParts, newColumnName } from './carried-parts.js';
import {
  type CheckSchema,
  type ColumnSchema,
  type ExclusionSchema,
  type ForeignKeySchema,
  type IndexSchema,
  type KeySchema,
  type TableMap,
  type TableSchema,
  type UniqueSchema,
} from './table-schema.js';

/** What an operation knows and the tables do not show: what was renamed, and values for rows that have none. */
export interface ChangeHints {
  /** Old table name to new. */
  readonly tables?: ReadonlyMap<string, string>;
  /** New table name, then old column name to new. */
  readonly columns?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `table.column` (new names) to a literal or `{ sql }` for rows that would be left without a value. */
  readonly fills?: ReadonlyMap<string, unknown>;
  /** Give kind's own empty value to rows that would be left without one (used when going back). */
  readonly fillEmpty?: boolean;
  /** Change values that do not fit instead of refusing. */
  readonly lossy?: boolean;
}

/** A part of a table that was replaced by an equal one under another name. */
export interface Renamed<T> {
  readonly from: T;
  readonly to: T;
}

/** What happens to one kind of named part (uniques, indexes, …) of a table. */
export interface PartChange<T> {
  readonly dropped: readonly T[];
  readonly added: readonly T[];
  readonly renamed: readonly Renamed<T>[];
}

/** What happens to one table that stays. */
export interface TableChange {
  readonly before: TableSchema;
  readonly after: TableSchema;
  readonly addedColumns: readonly ColumnSchema[];
  readonly droppedColumns: readonly ColumnSchema[];
  /** Columns that stay, in the order of the new table. */
  readonly keptColumns: readonly Renamed<ColumnSchema>[];
  readonly primaryKey: PartChange<KeySchema>;
  readonly uniques: PartChange<UniqueSchema>;
  readonly indexes: PartChange<IndexSchema>;
  readonly foreignKeys: PartChange<ForeignKeySchema>;
  readonly checks: PartChange<CheckSchema>;
  readonly exclusions: PartChange<ExclusionSchema>;
}

/** All that one operation does to the tables. */
export interface SchemaChange {
  readonly created: readonly TableSchema[];
  readonly dropped: readonly TableSchema[];
  readonly changed: readonly TableChange[];
  readonly hints: ChangeHints;
}

/** Compares the tables before and after an operation. */
export function changeOf(before: TableMap, after: TableMap, hints: ChangeHints = {}): SchemaChange {
  const newName = (table: string) => hints.tables?.get(table) ?? table;
  const pairs = [...before.values()].flatMap((table): Renamed<TableSchema>[] => {
    const match = after.get(newName(table.name));
    return match ? [{ from: table, to: match }] : [];
  });
  const kept = new Set(pairs.map(({ to }) => to.name));
  const retyped = retypedColumns(pairs, hints);
  return {
    created: [...after.values()].filter(({ name }) => !kept.has(name)),
    dropped: [...before.values()].filter(({ name }) => !after.has(newName(name))),
    changed: pairs.map((pair) => tableChange(pair, hints, retyped)).filter((change) => !isEmpty(change)),
    hints,
  };
}

function tableChange(
  { from, to }: Renamed<TableSchema>,
  hints: ChangeHints,
  retyped: ReadonlySet<string>,
): TableChange {
  const parts = new CarriedParts(hints, to.name);
  const carried = new Map(from.columns.map((column) => [parts.rename(column.name), column]));
  const keptColumns = to.columns.flatMap((column): Renamed<ColumnSchema>[] => {
    const match = carried.get(column.name);
    return match && !isRemade(parts.computed(match), column) ? [{ from: match, to: column }] : [];
  });
  const kept = new Set(keptColumns.filter((pair) => !isCopied(pair.from, pair.to)).map((pair) => pair.to.name));
  const standsOnRemade = (names: readonly string[], texts: readonly string[] = []): boolean =>
    [...names, ...texts.flatMap(sqlNames)].some((name) => carried.has(name) && !kept.has(name));
  return {
    before: from,
    after: to,
    keptColumns,
    addedColumns: to.columns.filter((column) => !keptColumns.some((pair) => pair.to === column)),
    droppedColumns: from.columns.filter((column) => !keptColumns.some((pair) => pair.from === column)),
    primaryKey: partChange(asList(from.primaryKey), asList(to.primaryKey), parts.key),
    uniques: partChange(from.uniques, to.uniques, parts.unique, (key) => standsOnRemade(columnsIn(key))),
    indexes: partChange(from.indexes, to.indexes, parts.index, (key) => standsOnRemade(columnsIn(key), textsIn(key))),
    foreignKeys: partChange(
      from.foreignKeys,
      to.foreignKeys,
      parts.foreignKey,
      (key) => touches(key, to.name, retyped) || standsOnRemade(key.columns),
    ),
    checks: partChange(from.checks, to.checks, parts.check, (check) => standsOnRemade([], [check.expression])),
    exclusions: partChange(from.exclusions ?? [], to.exclusions ?? [], parts.exclusion, (exclusion) =>
      standsOnRemade([], [exclusion.expression]),
    ),
  };
}

function columnsIn({ columns, include = [] }: UniqueSchema): readonly string[] {
  return [...columns, ...include];
}

function textsIn({ where = '', expressions = [] }: IndexSchema): readonly string[] {
  return [where, ...expressions.map(({ sql }) => sql)];
}

/** Whether a column can keep what it computed only by a copy: one that is computed when it is read has stored nothing. */
export function isCopied(from: ColumnSchema, to: ColumnSchema): boolean {
  return from.virtual === true && to.generated !== 'expression';
}

/** A computed column has no values of its own: one that computes something else is made anew, with what stands on it. */
function isRemade(from: ColumnSchema, to: ColumnSchema): boolean {
  if (to.generated !== 'expression') return from.hidden === true;
  const computes = ({ name: _name, comment: _comment, ...column }: ColumnSchema) => column;
  return !sameData(computes(from), computes(to));
}

/**
 * Pairs the parts before and after by what they are. An equal part under another name counts as renamed; with `redo`
 * a part is dropped and added again although it is equal (a foreign key whose columns change their type).
 */
function partChange<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  carry: (part: T) => T,
  redo: (part: T) => boolean = () => false,
): PartChange<T> {
  const left = new Set(after);
  const dropped: T[] = [];
  const renamed: Renamed<T>[] = [];
  for (const part of before) {
    const carried = carry(part);
    const match = [...left].find((candidate) => sameButName(candidate, carried));
    if (!match || redo(match)) {
      dropped.push(part);
      continue;
    }
    left.delete(match);
    if (match.name !== part.name) renamed.push({ from: part, to: match });
  }
  return { dropped, added: [...left], renamed };
}

function sameButName<T extends { readonly name: string }>(left: T, right: T): boolean {
  return sameData({ ...left, name: '' }, { ...right, name: '' });
}

/** Whether two plain values are equal as data; the order of object keys does not count. */
export function sameData(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = definedKeys(left);
  if (keys.length !== definedKeys(right).length) return false;
  return keys.every((key) => sameData((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]));
}

function definedKeys(value: object): readonly string[] {
  return Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [key]));
}

function retypedColumns(pairs: readonly Renamed<TableSchema>[], hints: ChangeHints): ReadonlySet<string> {
  const retyped = new Set<string>();
  for (const { from, to } of pairs) {
    for (const column of from.columns) {
      const name = newColumnName(hints, to.name, column.name);
      const after = to.columns.find((candidate) => candidate.name === name);
      if (after && !sameData(after.type, column.type)) retyped.add(`${to.name}.${name}`);
    }
  }
  return retyped;
}

function touches(key: ForeignKeySchema, table: string, retyped: ReadonlySet<string>): boolean {
  return (
    key.columns.some((column) => retyped.has(`${table}.${column}`)) ||
    key.references.some((column) => retyped.has(`${key.table}.${column}`))
  );
}

function isEmpty({ before, after, addedColumns, droppedColumns, keptColumns, ...parts }: TableChange): boolean {
  return (
    before.name === after.name &&
    before.comment === after.comment &&
    addedColumns.length === 0 &&
    droppedColumns.length === 0 &&
    keptColumns.every(({ from, to }) => sameData(from, to)) &&
    Object.values(parts).every(
      ({ dropped, added, renamed }) => dropped.length === 0 && added.length === 0 && renamed.length === 0,
    )
  );
}

function asList<T>(value: T | null): readonly T[] {
  return value ? [value] : [];
}
