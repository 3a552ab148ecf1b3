import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, FrameworkError, warning, type Findings } from '#core';

import { Databases } from '../../connection/databases.js';
import { MigrationLinter, type MigrationLint } from './migration-linter.js';

/** Whether pending migrations destroy values, or hold up tables that are big. */
@Check('orm')
@Injectable()
export class MigrationLintChecks {
  constructor(
    @Inject(MigrationLinter) private readonly linter: MigrationLinter,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  @CheckRule({ database: true })
  async *pendingLint(): Findings {
    for (const { alias } of this.databases.all()) {
      for (const { app, name, findings } of await this.lintsOf(alias)) {
        for (const { operation, message, advice } of findings)
          yield warning('orm.W024', `${app}.${name}, "${operation}": ${message}`, { hint: advice });
      }
    }
  }

  /** Files that cannot be read are found by the check of their own. */
  private async lintsOf(alias: string): Promise<readonly MigrationLint[]> {
    try {
      return await this.linter.ofPending(alias);
    } catch (problem) {
      if (problem instanceof FrameworkError && problem.code.startsWith('orm.migration_')) return [];
      throw problem;
    }
  }
}
