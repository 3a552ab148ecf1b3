import { conditionFor } from '../../describe/condition-text.js';
import { type Dialect } from '../../describe/entity-description.js';
import { type ColumnType } from '../state/field-state.js';
import { emptyValue, quoteName, valueText } from './literals.js';
import { shortName } from './names.js';
import {
  type ColumnSchema,
  type ExpressionSchema,
  type IndexSchema,
  type TableSchema,
  type UniqueSchema,
} from './table-schema.js';

/** Most characters of a text in an index of MySQL, whose parts have room for 3,072 bytes together. */
const LONGEST_TEXT = 700;

/** Methods that mean no more than the usual one where a database has one alone. */
const USUAL_METHODS: ReadonlySet<string | undefined> = new Set([undefined, 'btree', 'hash']);

/**
 * The table with its unique sets and indexes as the dialect has words for them. What changes no answer is left out: columns
 * that an index carries, operator classes, indexes by a method that only PostgreSQL has, full-text indexes on SQLite. Unique
 * indexes are kept to the letter: a NULL that counts becomes expressions, and on MySQL conditions and expressions become
 * hidden columns.
 */
export function withOwnIndexes(table: TableSchema, dialect: Dialect): TableSchema {
  if (dialect === 'postgres') return table;
  const counted = table.uniques.filter(({ nulls }) => nulls);
  const uniques = table.uniques.filter(({ nulls }) => !nulls).map(({ include: _include, ...unique }) => unique);
  const indexes = [...table.indexes, ...counted.map(asIndex)]
    .filter(
      ({ using, unique, fullText }) => unique || (USUAL_METHODS.has(using) && !(fullText && dialect === 'sqlite')),
    )
    .map((index) => countingNulls(bare(index), table, dialect));
  return dialect === 'mysql' ? onHiddenColumns({ ...table, uniques, indexes }) : { ...table, uniques, indexes };
}

function bare({ include: _include, operators: _operators, using: _using, ...index }: IndexSchema): IndexSchema {
  return index;
}

function asIndex({ name, columns, nulls }: UniqueSchema): IndexSchema {
  return { name, columns, unique: true, nulls };
}

/** Each value that may be missing becomes two: whether it is, and what it is. */
function countingNulls({ nulls, ...index }: IndexSchema, table: TableSchema, dialect: Dialect): IndexSchema {
  if (!nulls) return index;
  const parts = index.expressions ?? index.columns.map((name) => columnPart(table, name));
  const counted = parts.flatMap(({ sql, type }, place): ExpressionSchema[] => {
    const column = index.expressions ? undefined : table.columns.find(({ name }) => name === index.columns[place]);
    if (column?.nullable === false) return [{ sql, type }];
    const empty = valueText(dialect, type, emptyValue(type));
    return [
      { sql: `(${sql}) IS NULL`, type: { kind: 'boolean' } },
      { sql: `COALESCE(${sql}, ${empty})`, type },
    ];
  });
  return { ...index, columns: [], expressions: counted };
}

function columnPart({ columns }: TableSchema, name: string): ExpressionSchema {
  return { sql: `"${name.replaceAll('"', '""')}"`, type: columns.find((column) => column.name === name)!.type };
}

/** MariaDB knows neither conditions nor expressions in indexes. */
function onHiddenColumns(table: TableSchema): TableSchema {
  const hidden: ColumnSchema[] = [];
  const indexes = table.indexes
    .filter(({ unique, expressions }) => unique || !expressions)
    .map((index): IndexSchema => {
      if (!index.unique || (index.where === undefined && !index.expressions)) return index;
      const parts = hiddenParts(index);
      hidden.push(...parts.filter((part) => typeof part !== 'string'));
      const names = parts.map((part) => (typeof part === 'string' ? part : part.name));
      return { name: index.name, columns: [...(index.expressions ? [] : index.columns), ...names], unique: true };
    });
  return { ...table, columns: [...table.columns, ...hidden], indexes };
}

/** A column for each expression that is none itself, and one that has a value only where the condition holds. */
function hiddenParts({ name, expressions = [], where }: IndexSchema): readonly (string | ColumnSchema)[] {
  const values = expressions.map(({ sql, type }, place) =>
    isName(sql) ? sql.slice(1, -1).replaceAll('""', '"') : hiddenColumn(`${name}__${place}`, sql, type),
  );
  if (where === undefined) return values;
  const flag = where === '' ? '' : `CASE WHEN ${where} THEN 1 END`;
  return [...values, hiddenColumn(`${name}__if`, flag, { kind: 'boolean' })];
}

function hiddenColumn(name: string, expression: string, type: ColumnType): ColumnSchema {
  const length = type.length === undefined ? {} : { length: Math.min(type.length, LONGEST_TEXT) };
  return {
    name: shortName(name, 'mysql'),
    type: { ...type, ...length },
    nullable: true,
    generated: 'expression',
    expression: conditionFor('mysql', expression),
    hidden: true,
  };
}

/** The parts of an index in parentheses, for dialects that take expressions. */
export function partsText(
  { columns, expressions, operators = [], descending = [] }: IndexSchema,
  dialect: Dialect,
): string {
  const parts = expressions
    ? expressions.map(({ sql }) => (isName(sql) ? sql : `(${sql})`))
    : columns.map((name) => quoteName(dialect, name));
  const isDescending = (place: number) =>
    expressions ? expressions[place]!.descending : descending.includes(columns[place]!);
  return parts
    .map((part, place) => [part, operators[place], isDescending(place) && 'DESC'].filter(Boolean).join(' '))
    .join(', ');
}

function isName(sql: string): boolean {
  return /^"(?:[^"]|"")*"$/.test(sql);
}
