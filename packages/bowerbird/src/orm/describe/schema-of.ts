import { type DataSource, type EntityMetadata } from 'typeorm';

type Placed = Pick<EntityMetadata, 'schema' | 'tableName' | 'tablePath' | 'dataSource'>;

/** The schema of a table, as descriptions have it: named for the table, or for its connection. PostgreSQL alone has schemas. */
export function schemaOf({ schema, dataSource }: Pick<Placed, 'schema' | 'dataSource'>): { readonly schema?: string } {
  return schema && dataSource.options.type === 'postgres' ? { schema } : {};
}

/** A table of pairs or of a tree. The name by which TypeORM finds it may be another, see `tellPairsApart`. */
export function pairTable(metadata: Placed): { readonly table: string; readonly schema?: string } {
  const { schema } = schemaOf(metadata);
  if (schema === undefined) return { table: metadata.tableName };
  return { table: metadata.tablePath.slice(schema.length + 1), schema };
}

/** The schema that is named for a connection, by `?schema=` of its URL. */
export function connectionSchema({ options }: DataSource): string | undefined {
  return (options as { readonly schema?: string }).schema;
}
