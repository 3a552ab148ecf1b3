import { type CatalogIndex, type CatalogIndexPart, type CatalogKey, type CatalogTable } from '../catalog.js';
import { byName, type ByTable } from '../group-rows.js';
import { closing, isMark, isWord, splitByComma, sqlTokens } from './sql-tokens.js';
import { type TableSql } from './table-sql.js';

/** A row of pragma index_list with the statement that made the index. */
export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: number;
  /** `c`reate index, `u`nique constraint, `pk`. */
  readonly origin: 'c' | 'u' | 'pk';
  readonly sql: string | null;
}

/** A row of pragma index_xinfo; `table` is the index itself. */
export interface IndexPartRow {
  readonly table: string;
  /** -1 is the row number, -2 an expression. */
  readonly cid: number;
  readonly name: string | null;
  readonly desc: number;
  readonly coll: string;
}

/** Unique sets and indexes of one table. */
export function sqliteIndexes(
  rows: readonly IndexRow[],
  partsOf: ByTable<IndexPartRow>,
  written: TableSql,
): Pick<CatalogTable, 'uniques' | 'indexes'> {
  const uniques = rows.filter(({ origin }) => origin === 'u').map(({ name }) => uniqueOf(partsOf(name), written));
  const indexes = rows.filter(({ origin }) => origin === 'c').map((row) => indexOf(row, partsOf(row.name), written));
  return { uniques: uniques.reverse(), indexes: indexes.sort(byName) };
}

function uniqueOf(parts: readonly IndexPartRow[], { uniques }: TableSql): CatalogKey {
  const columns = parts.map(({ name }) => name ?? '');
  const text = uniques.find((each) => each.columns.join('\0').toLowerCase() === columns.join('\0').toLowerCase());
  return { name: text?.name ?? '', columns };
}

function indexOf({ name, unique, sql }: IndexRow, rows: readonly IndexPartRow[], written: TableSql): CatalogIndex {
  const { expressions, where } = parseIndexSql(sql ?? '');
  const parts = rows.map(({ name: column, desc, coll }, index): CatalogIndexPart => {
    const usual = column === null ? 'BINARY' : (written.collations.get(column) ?? 'BINARY');
    return {
      ...(column === null ? { expression: expressions[index] ?? '' } : { column }),
      ...(desc === 1 && { descending: true }),
      ...(coll.toUpperCase() !== usual.toUpperCase() && { collation: coll }),
    };
  });
  const plain = parts.every(({ column, descending, collation }) => column !== undefined && !descending && !collation);
  return {
    name,
    unique: unique === 1,
    parts,
    ...(where !== undefined && { where }),
    method: 'btree',
    definition: sql ?? '',
    plain,
  };
}

/** What stands between the parentheses, part by part, and after WHERE. */
function parseIndexSql(sql: string): { readonly expressions: readonly string[]; readonly where?: string } {
  const tokens = sqlTokens(sql);
  const open = tokens.findIndex((token) => isMark(token, '('));
  if (open < 0) return { expressions: [] };
  const close = closing(tokens, open);
  const parts = splitByComma(tokens.slice(open + 1, close));
  const expressions = parts.map((part) => {
    const last = isWord(part.at(-1), 'ASC', 'DESC') ? part.at(-2) : part.at(-1);
    return sql.slice(part[0]!.start, last!.end);
  });
  const condition = tokens.findIndex((token, index) => index > close && isWord(token, 'WHERE'));
  return { expressions, ...(condition >= 0 && { where: sql.slice(tokens[condition]!.end).trim() }) };
}
