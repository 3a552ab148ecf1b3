import {
  type Catalog,
  type CatalogColumn,
  type CatalogSkipped,
  type CatalogSource,
  type CatalogTable,
  type CatalogView,
} from '../catalog.js';
import { byTable, type ByTable } from '../group-rows.js';
import { sqliteColumn, type ColumnRow } from './sqlite-columns.js';
import { sqliteForeignKeys, type ForeignKeyRow } from './sqlite-foreign-keys.js';
import { sqliteIndexes, type IndexPartRow, type IndexRow } from './sqlite-indexes.js';
import { parseTableSql } from './table-sql.js';

interface RelationRow {
  readonly name: string;
  /** `table`, `view`, `virtual` or `shadow`. */
  readonly type: string;
  readonly withoutRowid: number;
  readonly strict: number;
  readonly sql: string | null;
}

interface TriggerRow {
  readonly table: string;
  readonly name: string;
}

/** What belongs to each table. */
interface Parts {
  readonly columns: ByTable<ColumnRow>;
  readonly indexes: ByTable<IndexRow>;
  readonly indexParts: ByTable<IndexPartRow>;
  readonly foreignKeys: ByTable<ForeignKeyRow>;
  readonly triggers: ByTable<TriggerRow>;
}

const MASTER = "sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const RELATION_ROWS = `
  SELECT l.name, l.type, l.wr AS withoutRowid, l.strict, m.sql
  FROM pragma_table_list l JOIN sqlite_master m ON m.name = l.name AND m.type IN ('table', 'view')
  WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`;
const COLUMN_ROWS = `SELECT m.name AS "table", x.* FROM (SELECT name FROM ${MASTER}) m, pragma_table_xinfo(m.name) x`;
const INDEX_ROWS = `
  SELECT m.name AS "table", x.*, i.sql FROM (SELECT name FROM ${MASTER}) m, pragma_index_list(m.name) x
  LEFT JOIN sqlite_master i ON i.type = 'index' AND i.name = x.name`;
const INDEX_PART_ROWS = `
  SELECT i.name AS "table", x.* FROM sqlite_master i, pragma_index_xinfo(i.name) x WHERE i.type = 'index' AND x.key = 1`;
const FOREIGN_KEY_ROWS = `
  SELECT m.name AS "table", x.id, x.seq, x."table" AS target, x."from" AS "column", x."to" AS reference,
    x.on_update AS onUpdate, x.on_delete AS onDelete
  FROM (SELECT name FROM ${MASTER}) m, pragma_foreign_key_list(m.name) x ORDER BY m.name, x.id DESC, x.seq`;
const TRIGGER_ROWS = `SELECT tbl_name AS "table", name FROM sqlite_master WHERE type = 'trigger' ORDER BY name`;

/** Reads the main database of an SQLite connection. */
export async function readSqliteCatalog(source: CatalogSource): Promise<Catalog> {
  const rows = await source.query<RelationRow>(RELATION_ROWS);
  const parts = await readParts(source);
  const plain = rows.filter(({ type }) => type === 'table');
  const tables = plain.map((row) => tableOf(row, parts, keysOf(parts)));
  const views: CatalogView[] = [];
  for (const row of rows.filter(({ type }) => type === 'view')) views.push(await viewOf(source, row));
  return { dialect: 'sqlite', tables, views, types: [], sequences: [], skipped: rows.flatMap(skippedOf) };
}

async function readParts(source: CatalogSource): Promise<Parts> {
  return {
    columns: byTable(await source.query<ColumnRow>(COLUMN_ROWS)),
    indexes: byTable(await source.query<IndexRow>(INDEX_ROWS)),
    indexParts: byTable(await source.query<IndexPartRow>(INDEX_PART_ROWS)),
    foreignKeys: byTable(await source.query<ForeignKeyRow>(FOREIGN_KEY_ROWS)),
    triggers: byTable(await source.query<TriggerRow>(TRIGGER_ROWS)),
  };
}

/** A foreign key that names no columns means the primary key. */
function keysOf({ columns }: Parts): (table: string) => readonly string[] {
  return (table) =>
    columns(table)
      .filter(({ pk }) => pk > 0)
      .sort((left, right) => left.pk - right.pk)
      .map(({ name }) => name);
}

function tableOf(
  { name, withoutRowid, strict, sql }: RelationRow,
  parts: Parts,
  keys: (table: string) => readonly string[],
): CatalogTable {
  const written = parseTableSql(sql ?? '');
  const rows = parts.columns(name);
  const key = keys(name);
  const counts = key.length === 1 && withoutRowid === 0;
  return {
    name,
    comment: '',
    columns: rows.map((row) => sqliteColumn(row, written, counts)),
    primaryKey: key.length > 0 ? { name: written.primaryKey, columns: key } : null,
    ...sqliteIndexes(parts.indexes(name), parts.indexParts, written),
    foreignKeys: sqliteForeignKeys(parts.foreignKeys(name), written, keys),
    checks: written.checks,
    triggers: parts.triggers(name).map((trigger) => trigger.name),
    remarks: [...(strict === 1 ? ['STRICT'] : []), ...(withoutRowid === 1 ? ['WITHOUT ROWID'] : [])],
  };
}

/** A view over something that is gone cannot tell its columns. */
async function viewOf(source: CatalogSource, { name, sql }: RelationRow): Promise<CatalogView> {
  const columns = await viewColumns(source, name);
  const definition = (sql ?? '')
    .replace(/^[\s\S]*?\bAS\b/i, '')
    .replace(/;\s*$/, '')
    .trim();
  return { name, comment: '', columns, definition, materialized: false };
}

async function viewColumns(source: CatalogSource, name: string): Promise<readonly CatalogColumn[]> {
  try {
    const rows = await source.query<ColumnRow>('SELECT x.* FROM pragma_table_xinfo(?) x', [name]);
    return rows.map((row) => sqliteColumn(row, parseTableSql(''), false));
  } catch (error) {
    if (/no such|error in view/i.test((error as Error).message)) return [];
    throw error;
  }
}

function skippedOf({ name, type }: RelationRow): CatalogSkipped[] {
  return type === 'virtual' ? [{ name, reason: 'a virtual table' }] : [];
}
