import { type Dialect, type PairKeyRules } from '../../describe/entity-description.js';
import { tableOfEntity, tableOfPairs, type EntityState, type IndexState } from '../state/entity-state.js';
import {
  isColumn,
  isJunction,
  isReference,
  sqlTextFor,
  type ColumnFieldState,
  type JunctionFieldState,
  type ReferenceFieldState,
} from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { columnNames, columnsOf, referencedColumn } from './column-resolver.js';
import { defaultNames, shortName } from './names.js';
import { withOwnIndexes } from './own-indexes.js';
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

/** The tables of these entities (all managed ones when not said), pair tables included, as the dialect names their parts. */
export function tablesOf(
  state: ProjectState,
  dialect: Dialect,
  keys: Iterable<string> = state.entities.keys(),
): TableMap {
  const tables = new Map<string, TableSchema>();
  for (const key of keys) {
    const entity = state.entities.get(key);
    if (!entity || entity.managed === false) continue;
    for (const table of [tableOf(state, entity, dialect), ...junctionsOf(state, entity, dialect)])
      tables.set(table.name, table);
  }
  return tables;
}

function tableOf(state: ProjectState, entity: EntityState, dialect: Dialect): TableSchema {
  const primaryKey = primaryKeyOf(state, entity, dialect);
  const uniques = uniquesOf(state, entity, dialect, primaryKey);
  const foreignKeys = foreignKeysOf(state, entity, dialect);
  const declared = entity.indexes.map((index) => indexSchema(state, entity, index, dialect));
  // A unique set is an index as well; on MySQL the two even have one name.
  const indexes = declared.filter(({ name }) => !uniques.some((unique) => unique.name === name));
  const table: TableSchema = {
    name: tableOfEntity(entity),
    columns: ownColumns(state, entity, dialect),
    primaryKey,
    uniques,
    indexes: [...indexes, ...impliedIndexes(entity, [primaryKey, ...uniques, ...indexes])],
    foreignKeys,
    checks: checksOf(entity, dialect),
    ...(entity.exclusions && { exclusions: exclusionsOf(entity, dialect) }),
    ...(entity.comment !== undefined && { comment: entity.comment }),
  };
  return withOwnIndexes(table, dialect);
}

function indexSchema(
  state: ProjectState,
  entity: EntityState,
  { name, fields, unique = false, where, expressions, descending, include, ...rules }: IndexState,
  dialect: Dialect,
): IndexSchema {
  const columns = columnNames(state, entity, fields);
  const condition = where === undefined ? undefined : sqlTextFor(where, dialect);
  return {
    name: shortName(name ?? defaultNames.index(entity.table, columns, condition), dialect),
    columns,
    unique,
    ...(condition !== undefined && { where: condition }),
    ...(expressions && { expressions: expressions.map((each) => ({ ...each, sql: sqlTextFor(each.sql, dialect) })) }),
    ...(descending && { descending: columnNames(state, entity, descending) }),
    ...(include && { include: columnNames(state, entity, include) }),
    ...rules,
  };
}

function exclusionsOf({ table, exclusions = [] }: EntityState, dialect: Dialect): readonly ExclusionSchema[] {
  return exclusions.map(({ name, ...exclusion }) => ({
    name: shortName(name ?? defaultNames.exclusion(table, exclusion.expression), dialect),
    ...exclusion,
  }));
}

function ownColumns(state: ProjectState, entity: EntityState, dialect: Dialect): readonly ColumnSchema[] {
  const columns = new Map<string, ColumnSchema>();
  const fields = Object.entries(entity.fields);
  for (const [path, field] of fields) {
    if (isColumn(field))
      columns.set(field.column ?? path, plainColumn(field, columnsOf(state, entity, path)[0]!, dialect));
  }
  for (const [path, field] of fields) {
    if (!isReference(field)) continue;
    for (const { name, type } of columnsOf(state, entity, path)) {
      if (!columns.has(name)) columns.set(name, { name, type, nullable: field.nullable === true, generated: false });
    }
  }
  return [...columns.values()];
}

/** PostgreSQL stores what it computes: it can do nothing else before version 18. */
function plainColumn(
  field: ColumnFieldState,
  { name, type }: Pick<ColumnSchema, 'name' | 'type'>,
  dialect: Dialect,
): ColumnSchema {
  return {
    name,
    type,
    nullable: field.nullable === true,
    generated: field.generated ?? false,
    ...(field.expression !== undefined && { expression: field.expression }),
    ...(field.virtual && dialect !== 'postgres' && { virtual: true as const }),
    ...(field.default !== undefined && { default: field.default }),
    ...(field.comment !== undefined && { comment: field.comment }),
  };
}

function primaryKeyOf(state: ProjectState, entity: EntityState, dialect: Dialect): KeySchema | null {
  const paths = Object.entries(entity.fields).flatMap(([path, field]) =>
    !isJunction(field) && field.primary ? [path] : [],
  );
  const columns = [...new Set(columnNames(state, entity, paths))];
  if (columns.length === 0) return null;
  return { name: shortName(entity.primaryKey ?? defaultNames.primaryKey(entity.table, columns), dialect), columns };
}

/** On MySQL TypeORM makes a unique set an index and names it like one; a one-to-one keeps its own name everywhere. */
function uniquesOf(
  state: ProjectState,
  entity: EntityState,
  dialect: Dialect,
  primaryKey: KeySchema | null,
): readonly UniqueSchema[] {
  const nameOf = dialect === 'mysql' ? defaultNames.index : defaultNames.unique;
  const declared = entity.uniques.map(({ name, fields, include, ...rules }): UniqueSchema => {
    const columns = columnNames(state, entity, fields);
    return {
      name: shortName(name ?? nameOf(entity.table, columns), dialect),
      columns,
      ...(include && { include: columnNames(state, entity, include) }),
      ...rules,
    };
  });
  const taken: KeySchema[] = [...declared.filter(({ nulls }) => !nulls), ...(primaryKey ? [primaryKey] : [])];
  const oneToOne = Object.entries(entity.fields).flatMap(([path, field]): KeySchema[] => {
    if (field.kind !== 'one-to-one') return [];
    const columns = columnNames(state, entity, [path]);
    if (taken.some((key) => sameSet(key.columns, columns))) return [];
    return [{ name: defaultNames.oneToOne(entity.table, columns), columns }];
  });
  return [...declared, ...oneToOne];
}

function foreignKeysOf(state: ProjectState, entity: EntityState, dialect: Dialect): readonly ForeignKeySchema[] {
  return Object.values(entity.fields).flatMap((field): ForeignKeySchema[] => {
    if (!isReference(field) || field.constraint === false) return [];
    return [referenceKey(state, entity.table, field, dialect)];
  });
}

function referenceKey(
  state: ProjectState,
  table: string,
  field: ReferenceFieldState,
  dialect: Dialect,
): ForeignKeySchema {
  const columns = Object.keys(field.columns);
  return {
    name: shortName(field.name ?? defaultNames.foreignKey(table, columns), dialect),
    columns,
    ...referenceTo(state, field.target, Object.values(field.columns)),
    onDelete: field.onDelete ?? 'no-action',
    ...(field.onUpdate && { onUpdate: field.onUpdate }),
    ...(field.deferrable && { deferrable: field.deferrable }),
  };
}

function referenceTo(state: ProjectState, key: string, paths: readonly string[]) {
  const target = state.get(key);
  return { table: tableOfEntity(target), references: paths.map((path) => referencedColumn(state, target, path).name) };
}

/** References without an index make joins, cascades and reverse lookups scan the table. */
function impliedIndexes({ table, fields }: EntityState, keys: readonly (KeySchema | null)[]): readonly IndexSchema[] {
  const indexes: IndexSchema[] = [];
  for (const field of Object.values(fields)) {
    if (!isReference(field) || field.index === false) continue;
    const columns = Object.keys(field.columns);
    const covered = [...keys, ...indexes].some((key) => key && startsWith(key, columns));
    if (!covered) indexes.push({ name: defaultNames.index(table, columns), columns, unique: false });
  }
  return indexes;
}

function startsWith(key: KeySchema | IndexSchema | UniqueSchema, columns: readonly string[]): boolean {
  if (('where' in key && key.where !== undefined) || ('using' in key && key.using !== undefined)) return false;
  if ('fullText' in key && key.fullText !== undefined) return false;
  // Such a set is made of expressions where the database knows no word for it.
  if ('nulls' in key && key.nulls) return false;
  return columns.every((column, position) => key.columns[position] === column);
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

function checksOf(entity: EntityState, dialect: Dialect): readonly CheckSchema[] {
  const declared = entity.checks.map(({ name, expression }): CheckSchema => {
    const text = sqlTextFor(expression, dialect);
    return { name: shortName(name ?? defaultNames.check(entity.table, text), dialect), expression: text };
  });
  const enums = Object.entries(entity.fields).flatMap(([path, field]): CheckSchema[] => {
    if (!isColumn(field) || field.kind !== 'enum' || !field.values?.length) return [];
    // A type of the database's own guards its values itself.
    if (field.types?.[dialect] !== undefined) return [];
    const column = field.column ?? path;
    const values = { column, allowed: field.values };
    return [{ name: defaultNames.values(entity.table, column), expression: '', values }];
  });
  return [...declared, ...enums];
}

function junctionsOf(state: ProjectState, entity: EntityState, dialect: Dialect): readonly TableSchema[] {
  return Object.values(entity.fields).flatMap((field) =>
    isJunction(field) ? [junctionTable(state, entity, field, dialect)] : [],
  );
}

function junctionTable(
  state: ProjectState,
  entity: EntityState,
  field: JunctionFieldState,
  dialect: Dialect,
): TableSchema {
  const target = state.get(field.target);
  const side = (owner: EntityState, columns: Readonly<Record<string, string>>) =>
    Object.entries(columns).map(([name, path]): ColumnSchema => {
      const { type } = referencedColumn(state, owner, path);
      return { name, type, nullable: false, generated: false };
    });
  const key = (
    owner: EntityState,
    columns: Readonly<Record<string, string>>,
    { name, onDelete = 'cascade', onUpdate = 'cascade', deferrable }: PairKeyRules = {},
  ): ForeignKeySchema => ({
    name: shortName(name ?? defaultNames.foreignKey(field.table, Object.keys(columns)), dialect),
    columns: Object.keys(columns),
    table: tableOfEntity(owner),
    references: Object.values(columns).map((path) => referencedColumn(state, owner, path).name),
    onDelete,
    onUpdate,
    ...(deferrable && { deferrable }),
  });
  const columns = [...side(entity, field.from), ...side(target, field.to)];
  const names = columns.map(({ name }) => name);
  const index = (own: readonly string[], { index: name }: PairKeyRules = {}): IndexSchema[] =>
    name === false ? [] : [{ name: name ?? defaultNames.index(field.table, own), columns: own, unique: false }];
  return {
    name: tableOfPairs(entity, field),
    columns,
    primaryKey: { name: field.primaryKey ?? defaultNames.primaryKey(field.table, names), columns: names },
    uniques: [],
    indexes: [...index(Object.keys(field.from), field.fromKey), ...index(Object.keys(field.to), field.toKey)],
    foreignKeys:
      field.constraint === false ? [] : [key(entity, field.from, field.fromKey), key(target, field.to, field.toKey)],
    checks: [],
  };
}
