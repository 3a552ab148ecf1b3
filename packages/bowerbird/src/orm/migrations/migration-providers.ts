import { type Provider } from '@nestjs/common';

import { MakeMigrationsCommand } from './commands/makemigrations.command.js';
import { MigrateCommand } from './commands/migrate.command.js';
import { ShowMigrationsCommand } from './commands/showmigrations.command.js';
import { CheckDriftCommand } from './drift/checkdrift.command.js';
import { DriftFinder } from './drift/drift-finder.js';
import { DriftChecks } from './drift/drift.checks.js';
import { MigrationChecks } from './migrations.checks.js';
import { MigrationMaker } from './run/migration-maker.js';
import { Migrator } from './run/migrator.js';

/** What the orm's module provides for migrations. */
export const MIGRATION_PROVIDERS: readonly Provider[] = [
  Migrator,
  MigrationMaker,
  MigrationChecks,
  DriftFinder,
  DriftChecks,
  CheckDriftCommand,
  MakeMigrationsCommand,
  MigrateCommand,
  ShowMigrationsCommand,
];
