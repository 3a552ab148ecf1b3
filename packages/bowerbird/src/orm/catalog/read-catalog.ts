import { type Dialect } from '../describe/entity-description.js';
import { type Catalog, type CatalogSource } from './catalog.js';
import { readMysqlCatalog } from './mysql/read-mysql.js';
import { readPostgresCatalog } from './postgres/read-postgres.js';
import { readSqliteCatalog } from './sqlite/read-sqlite.js';

/** What to read. */
export interface CatalogScope {
  /** Schema of PostgreSQL; the first one of the search path when it is not said. */
  readonly schema?: string;
}

const READERS: Readonly<Record<Dialect, (source: CatalogSource, scope: CatalogScope) => Promise<Catalog>>> = {
  sqlite: readSqliteCatalog,
  postgres: readPostgresCatalog,
  mysql: readMysqlCatalog,
};

/** Reads what is in a live database. Nothing is written. */
export function readCatalog(source: CatalogSource, scope: CatalogScope = {}): Promise<Catalog> {
  return READERS[source.dialect](source, scope);
}
