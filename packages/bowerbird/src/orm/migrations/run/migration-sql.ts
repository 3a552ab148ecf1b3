import { Inject, Injectable } from '@nestjs/common';

import { AppRegistry } from '../../apps/app-registry.js';
import { Databases } from '../../connection/databases.js';
import { migrationKey } from '../files/migration-file.js';
import { loadMigrations } from '../files/migration-loader.js';
import { type Direction } from '../operations/operation.js';
import { MysqlEditor } from '../schema/mysql.editor.js';
import { PostgresEditor } from '../schema/postgres.editor.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { SqliteEditor } from '../schema/sqlite.editor.js';
import { stepText } from '../schema/step.js';
import { graphTowards } from './migration-plan.js';
import { runOf } from './migration-run.js';
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
  /** That of the app's database by default. */
  readonly flavor?: SqlFlavor;
}

/** The statements of one migration. */
export interface MigrationStatements {
  readonly key: string;
  readonly flavor: SqlFlavor;
  /** Whether they run in one transaction. */
  readonly atomic: boolean;
  readonly groups: readonly StatementGroup[];
}

/** Writes migrations as SQL. No database is asked: the state before a migration follows from the files before it. */
@Injectable()
export class MigrationSql {
  constructor(
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  /** The statements of a migration. @throws UnknownMigrationError, IrreversibleError */
  async of({ app, name, direction, flavor = this.flavorOf(app) }: MigrationSqlRequest): Promise<MigrationStatements> {
    const files = await loadMigrations(this.apps.all());
    const graph = graphTowards(files, new Map(), { app, name });
    const file = graph.find(app, name);
    const earlier = new Set(graph.upTo(migrationKey(file)).filter((each) => each !== file));
    const run = runOf(
      file,
      direction,
      graph.stateOf((each) => earlier.has(each)),
      { editor: EDITORS[flavor]() },
    );
    return {
      key: migrationKey(file),
      flavor,
      atomic: !hasSeparateSteps(run) && (flavor === 'sqlite' || (flavor === 'postgres' && file.migration.atomic)),
      groups: run.operations.map(({ title, steps }) => ({ title, steps: steps.map(stepText) })),
    };
  }

  private flavorOf(app: string): SqlFlavor {
    return this.databases.get(this.apps.get(app).database).dialect;
  }
}
