import { type Provider } from '@nestjs/common';

import { ForgetPendingCommand } from './commands/forgetpending.command.js';
import { MakeMigrationsCommand } from './commands/makemigrations.command.js';
import { MigrateCommand } from './commands/migrate.command.js';
import { OptimizeMigrationCommand } from './commands/optimizemigration.command.js';
import { RebaseMigrationsCommand } from './commands/rebasemigrations.command.js';
import { ShowMigrationsCommand } from './commands/showmigrations.command.js';
import { SqlMigrateCommand } from './commands/sqlmigrate.command.js';
import { SquashMigrationsCommand } from './commands/squashmigrations.command.js';
import { CheckDriftCommand } from './drift/checkdrift.command.js';
import { DriftFinder } from './drift/drift-finder.js';
import { DriftChecks } from './drift/drift.checks.js';
import { LinearChecks } from './linear/linear.checks.js';
import { MigrationRebaser } from './linear/rebaser.js';
import { MigrationLintChecks } from './lint/lint.checks.js';
import { MigrationLinter } from './lint/migration-linter.js';
import { MigrationChecks } from './migrations.checks.js';
import { MigrationRehearsal } from './rehearse/migration-rehearsal.js';
import { MigrationMaker } from './run/migration-maker.js';
import { MigrationSql } from './run/migration-sql.js';
import { Migrator } from './run/migrator.js';
import { MigrationSquasher } from './run/squasher.js';

/** What the orm's module provides for migrations. */
export const MIGRATION_PROVIDERS: readonly Provider[] = [
  Migrator,
  MigrationMaker,
  MigrationSquasher,
  MigrationSql,
  MigrationRehearsal,
  MigrationChecks,
  MigrationRebaser,
  LinearChecks,
  MigrationLinter,
  MigrationLintChecks,
  DriftFinder,
  DriftChecks,
  CheckDriftCommand,
  MakeMigrationsCommand,
  MigrateCommand,
  ShowMigrationsCommand,
  SqlMigrateCommand,
  SquashMigrationsCommand,
  OptimizeMigrationCommand,
  ForgetPendingCommand,
  RebaseMigrationsCommand,
];
