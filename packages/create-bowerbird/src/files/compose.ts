import { type Project } from '../project/project.js';
import { serverUrl, type ServerKind } from './database-urls.js';

const PASSWORD = '${DATABASE_PASSWORD:?It is in .env}';

/** `compose.yaml`: the database for development, and with a profile the whole application. */
export function compose(project: Project): string {
  const { database } = project;
  return database === 'sqlite' ? withFile(project) : withServer(project, database);
}

/** Further files that the containers read. */
export function composeFiles({ database, databaseName }: Project): Readonly<Record<string, string>> {
  if (database !== 'mysql') return {};
  const pattern = `${databaseName}_test%`.replaceAll('_', '\\_');
  const sql = `-- Test runs make databases of their own.\nGRANT ALL PRIVILEGES ON \`${pattern}\`.* TO '${databaseName}'@'%';\n`;
  return { 'docker/mysql/test-databases.sql': sql };
}

function withFile(project: Project): string {
  return `# The whole application in a container, for a trial on this machine: docker compose up --build
services:
${applicationServices(project, 'sqlite:var/db.sqlite3', [])}
volumes:
  files:
`;
}

function withServer(project: Project, kind: ServerKind): string {
  return `# The database for development: docker compose up --detach
# The whole application as well, for a trial on this machine: docker compose --profile app up --build
services:
  database:
${DATABASES[kind](project)}
${applicationServices(project, serverUrl(project, kind, PASSWORD, 'database'), ['app'])}
volumes:
  database:
  files:
`;
}

const DATABASES: Readonly<Record<ServerKind, (project: Project) => string>> = {
  postgres: ({ databaseName }) => `    image: postgres:17
    environment:
      POSTGRES_USER: ${databaseName}
      POSTGRES_PASSWORD: ${PASSWORD}
      POSTGRES_DB: ${databaseName}
    ports:
      - 127.0.0.1:5432:5432
    volumes:
      - database:/var/lib/postgresql/data
    healthcheck:
      test: [CMD, pg_isready, --username, ${databaseName}, --dbname, ${databaseName}]
      interval: 3s
      timeout: 3s
      retries: 20
`,
  mysql: ({ databaseName }) => `    image: mysql:8.4
    environment:
      MYSQL_USER: ${databaseName}
      MYSQL_PASSWORD: ${PASSWORD}
      MYSQL_DATABASE: ${databaseName}
      MYSQL_RANDOM_ROOT_PASSWORD: 'yes'
    ports:
      - 127.0.0.1:3306:3306
    volumes:
      - database:/var/lib/mysql
      - ./docker/mysql/test-databases.sql:/docker-entrypoint-initdb.d/test-databases.sql:ro
    healthcheck:
      test: [CMD-SHELL, 'mysqladmin ping --host 127.0.0.1 --silent']
      interval: 3s
      timeout: 3s
      retries: 40
`,
};

/** The application and the migrations that run before it. */
function applicationServices({ database, template }: Project, url: string, profiles: readonly string[]): string {
  const profile = profiles.length > 0 ? `\n    profiles: [${profiles.join(', ')}]` : '';
  const healthy = database === 'sqlite' ? '' : `\n      database:\n        condition: service_healthy`;
  return `  migrate:
    build: .${profile}
    command: [node, dist/main.js, migrate]
    # Over plain HTTP, as here, browsers get no cookies from an application in production.
    environment: &environment
      NODE_ENV: development
      SECRET_KEY: \${SECRET_KEY:?It is in .env}
      DATABASE_URL: ${url}${template === 'full' ? MAIL_SERVER : ''}
    volumes:
      - files:/app/var${healthy && `\n    depends_on:${healthy}`}

  app:
    build: .${profile}
    environment: *environment
    ports:
      - 127.0.0.1:8000:8000
    volumes:
      - files:/app/var
    depends_on:${healthy}
      migrate:
        condition: service_completed_successfully
${template === 'full' ? workerService(profile, healthy) + mailService(profile) : ''}`;
}

const MAIL_SERVER = `
      SMTP_URL: smtp://mail:1025?tls=none`;

/** Takes all mail, shows it at http://127.0.0.1:8025 and sends nothing on. */
function mailService(profile: string): string {
  return `
  mail:
    image: axllent/mailpit:v1.27${profile}
    ports:
      - 127.0.0.1:8025:8025
`;
}

/** What runs jobs. It serves nothing, so that nobody can ask it how it is. */
function workerService(profile: string, healthy: string): string {
  return `
  worker:
    build: .${profile}
    command: [node, dist/main.js, work]
    environment: *environment
    volumes:
      - files:/app/var
    healthcheck:
      disable: true
    # Longer than settings.http.shutdown.deadline: what runs may finish.
    stop_grace_period: 30s
    depends_on:${healthy}
      migrate:
        condition: service_completed_successfully
`;
}
