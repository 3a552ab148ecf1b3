import Database from 'better-sqlite3';

/** SQLite needs no server; its version is what the driver was built with. */
export async function describeSqlite() {
  const database = new Database(':memory:');
  const { version } = database.prepare('select sqlite_version() as version').get();
  database.close();
  return { available: true, version: `SQLite ${version}` };
}
