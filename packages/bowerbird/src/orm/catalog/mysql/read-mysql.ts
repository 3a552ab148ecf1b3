import { type Catalog, type CatalogSource, type CatalogTable, type CatalogView } from '../catalog.js';
import { byTable, type ByTable } from '../group-rows.js';
import { isJson, mysqlColumn, type ColumnRow } from './mysql-columns.js';
import { mysqlForeignKeys, type ForeignKeyRow } from './mysql-foreign-keys.js';
import { mysqlIndexes, type StatisticsRow } from './mysql-indexes.js';
import * as queries from './queries.js';

interface RelationRow {
  readonly table: string;
  readonly kind: string;
  readonly comment: string;
  readonly collation: string | null;
  readonly engine: string | null;
  readonly options: string | null;
}

interface CheckRow {
  readonly table: string;
  readonly name: string;
  readonly expression: string;
}

interface NamedRow {
  readonly table: string;
  readonly name: string;
}

interface ViewRow {
  readonly table: string;
  readonly definition: string | null;
}

/** The server, as far as what it says must be read differently. */
interface Server {
  readonly maria: boolean;
  /** `\`shop\`.`, which stands before each name in what the server prints. */
  readonly prefix: string;
}

/** What belongs to each table. */
interface Parts {
  readonly server: Server;
  readonly columns: ByTable<ColumnRow>;
  readonly indexes: ByTable<StatisticsRow & { readonly table: string }>;
  readonly foreignKeys: ByTable<ForeignKeyRow>;
  readonly checks: ByTable<CheckRow>;
  readonly triggers: ByTable<NamedRow>;
  readonly views: ByTable<ViewRow>;
}

/** Reads the current database of a MySQL or MariaDB server. */
export async function readMysqlCatalog(source: CatalogSource): Promise<Catalog> {
  const [server] = await source.query<{ name: string; version: string }>(queries.SERVER_ROW);
  const maria = /mariadb/i.test(server?.version ?? '');
  const rows = await source.query<RelationRow>(queries.RELATION_ROWS);
  const parts = await readParts(source, { maria, prefix: `\`${(server?.name ?? '').replaceAll('`', '``')}\`.` });
  return {
    dialect: 'mysql',
    tables: rows.filter(({ kind }) => kind === 'BASE TABLE').map((row) => tableOf(row, parts)),
    views: rows.filter(({ kind }) => kind === 'VIEW').map((row) => viewOf(row, parts)),
    types: [],
    sequences: [],
    skipped: rows.filter(({ kind }) => kind === 'SEQUENCE').map(({ table }) => ({ name: table, reason: 'a sequence' })),
  };
}

async function readParts(source: CatalogSource, server: Server): Promise<Parts> {
  const statistics = await source.query<StatisticsRow>(queries.INDEX_ROWS);
  const checks = queries.CHECK_ROWS[server.maria ? 'mariadb' : 'mysql'];
  return {
    server,
    columns: byTable(await source.query<ColumnRow>(queries.COLUMN_ROWS)),
    indexes: byTable(statistics.map((row) => ({ ...row, table: row.TABLE_NAME }))),
    foreignKeys: byTable(await source.query<ForeignKeyRow>(queries.FOREIGN_KEY_ROWS)),
    checks: byTable(await source.query<CheckRow>(checks)),
    triggers: byTable(await source.query<NamedRow>(queries.TRIGGER_ROWS)),
    views: byTable(await source.query<ViewRow>(queries.VIEW_ROWS)),
  };
}

function tableOf({ table, comment, collation, engine, options }: RelationRow, parts: Parts): CatalogTable {
  const checks = parts.checks(table);
  const columns = parts.columns(table);
  const json = columns.filter((column) => isJson(column, checks)).map(({ name }) => name);
  return {
    name: table,
    comment,
    columns: columns.map((row) => mysqlColumn(row, { ...parts.server, json: json.includes(row.name), collation })),
    ...mysqlIndexes(table, parts.indexes(table)),
    foreignKeys: mysqlForeignKeys(parts.foreignKeys(table)),
    checks: checks
      .filter(({ name }) => !json.includes(name))
      .map(({ name, expression }) => ({ name, expression: expression.replaceAll(parts.server.prefix, '') })),
    triggers: parts.triggers(table).map(({ name }) => name),
    remarks: [
      ...(engine !== null && engine !== 'InnoDB' ? [`engine ${engine}`] : []),
      ...(/partitioned/.test(options ?? '') ? ['partitioned'] : []),
    ],
  };
}

function viewOf({ table }: RelationRow, parts: Parts): CatalogView {
  const { server } = parts;
  return {
    name: table,
    comment: '',
    columns: parts.columns(table).map((row) => mysqlColumn(row, { ...server, json: false, collation: row.collation })),
    definition: (parts.views(table)[0]?.definition ?? '').replaceAll(server.prefix, ''),
    materialized: false,
  };
}
