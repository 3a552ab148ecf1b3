import { type Catalog, type CatalogForeignKey, type CatalogSource } from './catalog.js';
import { CURRENT_SCHEMA } from './postgres/queries.js';
import { readCatalog } from './read-catalog.js';

/** The schema in which the connection finds and makes tables without one; undefined on databases that have none. */
export async function ownSchema(source: CatalogSource): Promise<string | undefined> {
  if (source.dialect !== 'postgres') return undefined;
  return (await source.query<{ schema: string | null }>(CURRENT_SCHEMA))[0]?.schema ?? 'public';
}

/**
 * Reads several schemas of a database, or that of the connection where none is named. Each thing says its schema where that is
 * not the one of the connection. Nothing is written.
 */
export async function readSchemas(source: CatalogSource, schemas: Iterable<string> = []): Promise<Catalog> {
  const own = await ownSchema(source);
  const [first = own, ...rest] = new Set(schemas);
  const catalogs: Catalog[] = [];
  for (const schema of [first, ...rest])
    catalogs.push(placed(await readCatalog(source, schema === undefined ? {} : { schema }), own));
  const all = <K extends keyof CatalogParts>(part: K): CatalogParts[K] =>
    catalogs.flatMap((catalog) => catalog[part] as readonly unknown[]) as unknown as CatalogParts[K];
  return {
    ...catalogs[0]!,
    tables: all('tables'),
    views: all('views'),
    types: all('types'),
    sequences: all('sequences'),
    skipped: all('skipped'),
  };
}

type CatalogParts = Pick<Catalog, 'tables' | 'views' | 'types' | 'sequences' | 'skipped'>;

/** Everything of a catalog with its schema, unless that is the one of the connection. */
function placed(catalog: Catalog, own: string | undefined): Catalog {
  const { schema } = catalog;
  const at = schema === undefined || schema === own ? {} : { schema };
  const there = <T extends object>(part: T): T => ({ ...part, ...at });
  return {
    ...catalog,
    tables: catalog.tables.map((table) => ({
      ...there(table),
      foreignKeys: table.foreignKeys.map((key) => ledFrom(key, schema, own)),
    })),
    views: catalog.views.map(there),
    types: catalog.types.map(there),
    sequences: catalog.sequences.map(there),
    skipped: catalog.skipped.map(there),
  };
}

/** A foreign key names the schema that it leads to where that is not the one of the connection. */
function ledFrom(
  { schema: target, ...key }: CatalogForeignKey,
  from: string | undefined,
  own: string | undefined,
): CatalogForeignKey {
  const schema = target ?? from;
  return { ...key, ...(schema !== undefined && schema !== own && { schema }) };
}
