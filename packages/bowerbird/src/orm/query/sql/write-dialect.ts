import { type Dialect } from '../../describe/entity-description.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { bind, join, NOTHING, raw, sql, type Sql } from './sql.js';

/** The alias of the written table in every statement of this file. */
const TABLE = 't0';

/** Columns that an insert sets to the given values where a row with the same `unique` columns is there. */
export interface ConflictColumns {
  readonly unique: readonly ColumnModel[];
  /** Condition of the partial index over them. */
  readonly where: string | undefined;
  readonly update: readonly ColumnModel[];
  /** Columns that move with every update: the date of the change, the version. */
  readonly automatic: readonly { readonly column: ColumnModel; readonly version: boolean }[];
  /** Whether another unique set may be in the way, which is an error. */
  readonly others: boolean;
}

/** A column and the SQL of its new value, over the alias `t0` and the table of values. */
export interface NewColumnValue {
  readonly column: ColumnModel;
  readonly value: Sql;
}

/** New values of rows, joined by their keys. */
export interface ValueTable {
  readonly model: EntityModel;
  readonly keys: readonly ColumnModel[];
  readonly columns: readonly ColumnModel[];
  /** How many whole numbers follow in each row. */
  readonly numbers: number;
  /** For each row the values of the keys, then those of the columns, then the numbers. */
  readonly rows: readonly (readonly unknown[])[];
  /** What is set; `at` writes the value of a row at a place. */
  sets(at: (place: number) => Sql): readonly NewColumnValue[];
}

/** What the databases write differently when rows are stored in bulk. */
export interface WriteDialect {
  /** Follows the name of the table behind INSERT INTO. */
  readonly insertAlias: Sql;
  /** What stands for the value that the database itself gives to a column. */
  unset(column: ColumnModel): Sql;
  /** Keeps rows that are there. */
  ignore(model: EntityModel): Sql;
  /** Changes rows that are there. */
  overwrite(columns: ConflictColumns): Sql;
  /** The update of many rows to values of their own. */
  update(table: ValueTable): Sql;
}

/** Raised by the statement of MySQL itself when another unique set is in the way: "Subquery returns more than 1 row". */
export const OTHER_CONFLICT = 1242;

const postgres: WriteDialect = {
  insertAlias: raw(` AS ${TABLE}`),
  unset: () => raw('DEFAULT'),
  ignore: () => raw(' ON CONFLICT DO NOTHING'),
  overwrite: onConflict,
  update: (table) => updateFrom(table, [typedNulls(table)], ''),
};

const sqlite: WriteDialect = {
  insertAlias: raw(` AS ${TABLE}`),
  unset: ({ metadata }) => {
    const { default: value, entityMetadata } = metadata;
    if (value === undefined || value === null) return raw('NULL');
    return raw(`(${entityMetadata.dataSource.driver.normalizeDefault(metadata)})`);
  },
  ignore: () => raw(' ON CONFLICT DO NOTHING'),
  overwrite: onConflict,
  update: (table) => updateFrom(table, [], 'column'),
};

const mysql: WriteDialect = {
  insertAlias: NOTHING,
  unset: () => raw('DEFAULT'),
  ignore: (model) => {
    const kept = name(keptColumn(model));
    return raw(` ON DUPLICATE KEY UPDATE ${kept} = ${kept}`);
  },
  overwrite: ({ unique, update, automatic, others }) => {
    const same = unique.map((column) => `${name(column)} <=> VALUES(${name(column)})`).join(' AND ');
    const value = (column: ColumnModel): string => {
      const given = `VALUES(${name(column)})`;
      return others ? `IF(${same}, ${given}, (SELECT 1 UNION ALL SELECT 2))` : given;
    };
    const sets = update.map((column) => raw(`${name(column)} = ${value(column)}`));
    return sql` ON DUPLICATE KEY UPDATE ${join([...sets, ...moved(automatic, '')], ', ')}`;
  },
  update: (table) => {
    const { model, keys } = table;
    const rows = join(
      [typedNothing(table), ...table.rows.map((row) => sql`SELECT ${mysqlValues(keys, row)}`)],
      ' UNION ALL ',
    );
    const ties = keys.flatMap((column, index) => mysqlTies(column, `v.k${index}`)).join(' AND ');
    const source = sql`${model.table} AS ${raw(TABLE)} INNER JOIN (${rows}) AS v ON ${raw(ties)}`;
    return sql`UPDATE ${source} SET ${assignments(table, (place) => `v.k${place}`, `${TABLE}.`)}`;
  },
};

/** A column that may be set to itself: MySQL refuses it for a counter whose values it makes in the same statement. */
function keptColumn(model: EntityModel): ColumnModel {
  const plain = model.selected.find(
    ({ metadata }) => metadata.isInsert && !metadata.isGenerated && !metadata.asExpression,
  );
  return plain ?? model.primary[0]!;
}

/** By the name of the dialect. */
export const WRITE_DIALECTS: Readonly<Record<Dialect, WriteDialect>> = { sqlite, postgres, mysql };

function onConflict({ unique, where, update, automatic }: ConflictColumns): Sql {
  const target = raw(`(${unique.map(name).join(', ')})${where ? ` WHERE ${where}` : ''}`);
  const sets = update.map((column) => raw(`${name(column)} = EXCLUDED.${name(column)}`));
  return sql` ON CONFLICT ${target} DO UPDATE SET ${join([...sets, ...moved(automatic, `${TABLE}.`)], ', ')}`;
}

function moved(automatic: ConflictColumns['automatic'], table: string): Sql[] {
  return automatic.map(({ column, version }) => {
    const value = version ? raw(`${table}${name(column)} + 1`) : column.dialect.now(column.metadata.precision ?? 0);
    return sql`${raw(name(column))} = ${value}`;
  });
}

/** `UPDATE … FROM (VALUES …)`; columns of VALUES have names of their own on SQLite. */
function updateFrom(table: ValueTable, first: readonly Sql[], prefix: 'column' | ''): Sql {
  const { model, keys } = table;
  const at = (place: number): string => (prefix === '' ? `v.k${place}` : `v.${prefix}${place + 1}`);
  const names = Array.from({ length: widthOf(table) }, (_, place) => `k${place}`).join(', ');
  const rows = join([...first, ...table.rows.map((row) => tuple(row))], ', ');
  const ties = keys.map((column, index) => `${TABLE}.${name(column)} = ${at(index)}`).join(' AND ');
  const sets = assignments(table, at, '');
  const values = sql`(VALUES ${rows}) AS v${raw(prefix === '' ? `(${names})` : '')}`;
  return sql`UPDATE ${model.table} AS ${raw(TABLE)} SET ${sets} FROM ${values} WHERE ${raw(ties)}`;
}

function assignments(rows: ValueTable, at: (place: number) => string, table: string): Sql {
  const all = rows.sets((place) => raw(at(place)));
  return join(
    all.map(({ column, value }) => sql`${raw(`${table}${name(column)}`)} = ${value}`),
    ', ',
  );
}

function widthOf({ keys, columns, numbers }: ValueTable): number {
  return keys.length + columns.length + numbers;
}

/** A row that matches nothing, from which PostgreSQL learns the types of the values below it. */
function typedNulls({ model, keys, columns, numbers }: ValueTable): Sql {
  const nulls = [...keys, ...columns].map(
    (column) => sql`(SELECT n.${raw(name(column))} FROM ${model.table} AS n WHERE false)`,
  );
  return sql`(${join([...nulls, ...Array.from({ length: numbers }, () => raw('NULL::integer'))], ', ')})`;
}

/** No row, from which MySQL learns the collations of the values below it. */
function typedNothing({ model, keys, columns, numbers }: ValueTable): Sql {
  const cells = [...[...keys, ...columns].map(name), ...Array<string>(numbers).fill('0')];
  const all = cells.map((cell, place) => `${cell} AS k${place}`).join(', ');
  return sql`SELECT ${raw(all)} FROM ${model.table} WHERE 1 = 0`;
}

/** Text would be compared with a number as a double, which is inexact from 17 digits on. */
function mysqlValues(keys: readonly ColumnModel[], row: readonly unknown[]): Sql {
  return join(
    row.map((value, index) => {
      const { kind, metadata } = keys[index] ?? {};
      if (kind !== 'bigint') return bind(value);
      return sql`CAST(${bind(value)} AS ${raw(metadata?.unsigned ? 'UNSIGNED' : 'SIGNED')})`;
    }),
    ', ',
  );
}

/** The first comparison can use the key, the second is exact. */
function mysqlTies(column: ColumnModel, value: string): readonly string[] {
  const own = `${TABLE}.${name(column)}`;
  const bytes = (text: string): string => `CAST(CONVERT(${text} USING utf8mb4) AS BINARY)`;
  const isText = column.kind === 'string' || column.kind === 'text' || column.kind === 'enum';
  return [`${own} = ${value}`, ...(isText ? [`${bytes(own)} = ${bytes(value)}`] : [])];
}

function tuple(values: readonly unknown[]): Sql {
  return sql`(${join(values.map(bind), ', ')})`;
}

function name(column: ColumnModel): string {
  return column.dialect.quote(column.name);
}
