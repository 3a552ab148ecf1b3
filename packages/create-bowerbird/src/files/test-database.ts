import { type Project } from '../project/project.js';

const SQLITE = `import { workerDatabase, type TestDatabase } from 'bowerbird/testing';

/** A database for each process of a test run; never that of the application. */
export const database = (): Promise<TestDatabase> => workerDatabase('sqlite');
`;

/** \`test/database.ts\`. */
export function testDatabase({ database, databaseName }: Project): string {
  if (database === 'sqlite') return SQLITE;
  return `import { workerDatabase, type TestDatabase } from 'bowerbird/testing';

import { env } from '../src/settings.js';

/** A database for each process of a test run, on the same server; never that of the application. */
export const database = (): Promise<TestDatabase> =>
  workerDatabase('${database}', env.string('DATABASE_URL'), { prefix: '${databaseName}_test' });
`;
}
