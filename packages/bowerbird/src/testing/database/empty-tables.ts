import { type DataSource } from 'typeorm';

const TABLES = {
  postgres: `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS place, tablename AS name
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  mysql: `SELECT CONCAT('\`', table_name, '\`') AS place, table_name AS name
    FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'`,
} as const;

/** Deletes the rows of every table that has some, except for a few, and lets counters start anew. */
export async function emptyTables(
  database: DataSource,
  dialect: 'postgres' | 'mysql',
  except: readonly string[],
): Promise<void> {
  const all = await database.query<{ place: string; name: string }[]>(TABLES[dialect]);
  const places = all.filter(({ name }) => !except.includes(name)).map(({ place }) => place);
  if (places.length === 0) return;
  const probes = places.map(
    (place) =>
      `SELECT '${place.replaceAll("'", "''")}' AS place FROM (SELECT 1 AS one) x WHERE EXISTS (SELECT 1 FROM ${place})`,
  );
  const used = (await database.query<{ place: string }[]>(probes.join(' UNION ALL '))).map(({ place }) => place);
  if (used.length > 0) await EMPTY[dialect](database, used);
}

const EMPTY = {
  postgres: async (database: DataSource, places: readonly string[]): Promise<void> =>
    void (await database.query(`TRUNCATE ${places.join(', ')} RESTART IDENTITY CASCADE`)),
  mysql: async (database: DataSource, places: readonly string[]): Promise<void> => {
    await database.query('SET foreign_key_checks = 0');
    for (const place of places) await database.query(`TRUNCATE ${place}`);
    await database.query('SET foreign_key_checks = 1');
  },
} as const;
