import { type Project } from '../project/project.js';
import { NODE_MAJOR } from '../versions.js';
import { serverUrl, type ServerKind } from './database-urls.js';

/** Of databases that live for one run and that nobody else reaches. */
const PASSWORD = 'only-for-this-run';

/** `.github/workflows/ci.yml`. */
export function workflow(project: Project): string {
  const { manager, database } = project;
  const args = manager.separator;
  return `name: CI

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
${database === 'sqlite' ? '' : service(project, database)}    env:
      DATABASE_URL: ${databaseUrl(project)}
    steps:
      - uses: actions/checkout@v5
${setUp(project)}      - uses: actions/setup-node@v5
        with:
          node-version: ${NODE_MAJOR}
          cache: ${manager.name}
      - run: ${manager.cleanInstall}
      - run: ${manager.run} lint
      - run: ${manager.run} manage migrate
      - run: ${manager.run} manage makemigrations ${args}--check
      - run: ${manager.run} manage check
      - run: ${manager.run} test
`;
}

function databaseUrl(project: Project): string {
  const { database } = project;
  if (database === 'sqlite') return 'sqlite:var/db.sqlite3';
  return serverUrl(project, database, PASSWORD, '127.0.0.1', database === 'mysql' ? 'root' : undefined);
}

function setUp({ manager, managerVersion }: Project): string {
  if (manager.name === 'npm') return '';
  if (manager.name === 'yarn') return managerVersion ? '      - run: corepack enable\n' : '';
  const version = managerVersion ? '' : '        with:\n          version: 10\n';
  return `      - uses: pnpm/action-setup@v4\n${version}`;
}

function service(project: Project, kind: ServerKind): string {
  return `    services:\n      database:\n${SERVICES[kind](project)}`;
}

const SERVICES: Readonly<Record<ServerKind, (project: Project) => string>> = {
  postgres: ({ databaseName }) => `        image: postgres:17
        env:
          POSTGRES_USER: ${databaseName}
          POSTGRES_PASSWORD: ${PASSWORD}
          POSTGRES_DB: ${databaseName}
        ports:
          - 5432:5432
        options: --health-cmd "pg_isready --username ${databaseName}" --health-interval 3s --health-retries 20
`,
  mysql: ({ databaseName }) => `        image: mysql:8.4
        env:
          MYSQL_ROOT_PASSWORD: ${PASSWORD}
          MYSQL_DATABASE: ${databaseName}
        ports:
          - 3306:3306
        options: --health-cmd "mysqladmin ping --host 127.0.0.1 --silent" --health-interval 3s --health-retries 40
`,
};
