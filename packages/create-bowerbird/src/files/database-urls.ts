import { type DatabaseKind } from '../answers/choices.js';
import { type Project } from '../project/project.js';

/** Scheme and usual port of databases that are servers. */
const SERVERS = {
  postgres: { scheme: 'postgres', port: 5432 },
  mysql: { scheme: 'mysql', port: 3306 },
} as const;

/** A kind of database that is a server. */
export type ServerKind = Exclude<DatabaseKind, 'sqlite'>;

/** The URL of the database for development. */
export function developmentUrl(project: Project, password: string): string {
  const { database } = project;
  return database === 'sqlite' ? 'sqlite:var/db.sqlite3' : serverUrl(project, database, password, '127.0.0.1');
}

/** The URL of the project's database on a server. */
export function serverUrl(
  { databaseName }: Project,
  kind: ServerKind,
  password: string,
  host: string,
  user = databaseName,
): string {
  const { scheme, port } = SERVERS[kind];
  return `${scheme}://${user}:${password}@${host}:${port}/${databaseName}`;
}
