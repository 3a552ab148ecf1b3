import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry } from '../../apps/app-registry.js';
import { type Database } from '../../connection/database.js';
import { Databases } from '../../connection/databases.js';
import { LocalState } from '../../routing/local-state.js';
import { migrationKey } from '../files/migration-file.js';
import { loadMigrations } from '../files/migration-loader.js';
import { type Direction } from '../operations/operation.js';
import { MysqlEditor } from '../schema/mysql.editor.js';
import { PostgresEditor } from '../schema/postgres.editor.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { SqliteEditor } from '../schema/sqlite.editor.js';
import { stepText } from '../schema/step.js';
import { graphTowards } from './migration-plan.js';
import { isElsewhere, runOf } from './migration-run.js';
import { hasSeparateSteps } from './segments.js';
import { type StatementGroup } from './statement-group.js';

const EDITORS = {
  sqlite: () => new SqliteEditor(),
  postgres: () => new PostgresEditor(),
  mysql: () => new MysqlEditor('utf8mb4_0900_bin'),
  mariadb: () => new MysqlEditor('utf8mb4_nopad_bin'),
} as const satisfies Readonly<Record<string, () => SchemaEditor>>;

/** What statements can be written for. */
export type SqlFlavor = keyof typeof EDITORS;

/** The names of {@link SqlFlavor}. */
export const SQL_FLAVORS = Object.keys(EDITORS) as readonly SqlFlavor[];

/** One migration in one direction, as statements. */
export interface MigrationSqlRequest {
  readonly app: string;
  readonly name: string;
  readonly direction: Direction;
  /** Alias of the database that would run it; the main one of the app by default. */
  readonly database?: string;
  /** That of the database by default. */
  readonly flavor?: SqlFlavor;
}

/** The statements of one migration. */
export interface MigrationStatements {
  readonly key: string;
  readonly database: string;
  readonly flavor: SqlFlavor;
  /** Whether they run in one transaction. */
  readonly atomic: boolean;
  /** All that the migration changes is in other databases. */
  readonly elsewhere: boolean;
  /** Only what the database has of the migration. */
  readonly groups: readonly StatementGroup[];
}

/** Writes migrations as SQL. No database is asked: the state before a migration follows from the files before it. */
@Injectable()
export class MigrationSql {
  constructor(
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  /** The statements of a migration. @throws UnknownMigrationError, IrreversibleError, UnknownDatabaseError */
  async of({ app, name, direction, database, ...request }: MigrationSqlRequest): Promise<MigrationStatements> {
    const { alias, placement, dialect } = this.databaseFor(app, database);
    const { flavor = dialect } = request;
    const files = await loadMigrations(this.apps.all());
    const graph = graphTowards(files, new Map(), { app, name });
    const file = graph.find(app, name);
    const earlier = new Set(graph.upTo(migrationKey(file)).filter((each) => each !== file));
    const run = runOf(
      file,
      direction,
      graph.stateOf((each) => earlier.has(each)),
      { editor: EDITORS[flavor](), local: new LocalState(placement, alias) },
    );
    return {
      key: migrationKey(file),
      database: alias,
      flavor,
      elsewhere: isElsewhere(run),
      atomic: !hasSeparateSteps(run) && (flavor === 'sqlite' || (flavor === 'postgres' && file.migration.atomic)),
      groups: run.operations.map(({ title, steps }) => ({ title, steps: steps.map(stepText) })),
    };
  }

  private databaseFor(app: string, alias: string | undefined): Database {
    const own = this.apps.get(app);
    return this.databases.get(alias ?? this.databases.default.placement.homesOfApp(own)[0] ?? own.database);
  }
}
