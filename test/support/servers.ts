import { type Dialect } from 'bowerbird/orm';
import { DataSource } from 'typeorm';

const { BOWERBIRD_TEST_DATABASES, BOWERBIRD_TEST_POSTGRES_URL, BOWERBIRD_TEST_MYSQL_URL } = process.env;

/** The databases that this run covers. */
export const DIALECTS = (BOWERBIRD_TEST_DATABASES ?? 'sqlite,postgres,mysql')
  .split(',')
  .filter(Boolean) as readonly Dialect[];

/** Servers on which an account may create databases. */
export const SERVERS: Readonly<Record<Dialect, string | undefined>> = {
  sqlite: undefined,
  postgres: BOWERBIRD_TEST_POSTGRES_URL || 'postgres://root@127.0.0.1:5432/test',
  mysql: BOWERBIRD_TEST_MYSQL_URL || 'mysql://root@127.0.0.1:3306/test',
};

const LIST = { postgres: 'select datname as name from pg_database', mysql: 'show databases' } as const;
const DROP = {
  postgres: (name: string) => `drop database if exists "${name}" with (force)`,
  mysql: (name: string) => `drop database if exists \`${name}\``,
} as const;

/** Drops the databases with such names on every server of the run. */
export async function dropDatabases(wanted: (name: string) => boolean): Promise<void> {
  for (const dialect of ['postgres', 'mysql'] as const) if (DIALECTS.includes(dialect)) await sweep(dialect, wanted);
}

/** A server that is not there has nothing to drop. */
async function sweep(dialect: 'postgres' | 'mysql', wanted: (name: string) => boolean): Promise<void> {
  const server = new DataSource({ type: dialect, url: SERVERS[dialect], entities: [] });
  try {
    await server.initialize();
  } catch {
    return;
  }
  const rows = await server.query<Record<string, string>[]>(LIST[dialect]);
  for (const name of rows.map((row) => Object.values(row)[0] ?? '').filter(wanted))
    await server.query(DROP[dialect](name));
  await server.destroy();
}
