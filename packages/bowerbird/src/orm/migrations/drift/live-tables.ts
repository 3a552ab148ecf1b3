import { type CatalogTable } from '../../catalog/catalog.js';
import { ownSchema, readSchemas } from '../../catalog/read-schemas.js';
import { type MigrationSession } from '../run/session.js';
import { tableNameOf, wholeName } from '../schema/table-name.js';
import { type TableMap, type TableSchema } from '../schema/table-schema.js';

/** Tables as they should be and as they are, under the same names. */
export interface LiveTables {
  readonly expected: TableMap;
  /** All of the connection's schema, and of those in which tables are expected. */
  readonly found: readonly CatalogTable[];
}

/** Reads the schemas in which tables are expected, and that of the connection. */
export async function liveTables(session: MigrationSession, expected: TableMap): Promise<LiveTables> {
  const own = await ownSchema(session);
  const named = [...expected.keys()].map((name) => tableNameOf(name).schema);
  const schemas = [own, ...named].filter((schema) => schema !== undefined);
  const { tables } = await readSchemas(session, schemas);
  return { expected: own === undefined ? expected : asSeenFrom(own, expected), found: tables };
}

/** Whoever names the schema of the connection means no other table than whoever names none. */
function asSeenFrom(own: string, tables: TableMap): TableMap {
  const local = (name: string): string => {
    const { table, schema } = tableNameOf(name);
    return schema === own ? wholeName(table) : name;
  };
  const seen = [...tables.values()].map((table): TableSchema => ({
    ...table,
    name: local(table.name),
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, table: local(key.table) })),
  }));
  return new Map(seen.map((table) => [table.name, table]));
}
