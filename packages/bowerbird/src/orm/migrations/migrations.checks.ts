import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, error, FrameworkError, warning, type Findings } from '#core';

import { AppRegistry } from '../apps/app-registry.js';
import { Databases } from '../connection/databases.js';
import { EntityMetadataError } from '../orm.errors.js';
import { type NewMigration } from './autodetector/assemble.js';
import { SilentDecisions } from './autodetector/silent-decisions.js';
import { MigrationMaker } from './run/migration-maker.js';
import { type MigrationStatus } from './run/migration-status.js';
import { Migrator } from './run/migrator.js';

/** Whether migration files, entities and databases agree. */
@Check('orm')
@Injectable()
export class MigrationChecks {
  private problem: Promise<FrameworkError | undefined> | undefined;

  constructor(
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(MigrationMaker) private readonly maker: MigrationMaker,
    @Inject(Databases) private readonly databases: Databases,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {}

  @CheckRule()
  async *files(): Findings {
    const problem = await this.fileProblem();
    if (problem) yield error('orm.E020', problem.message, { hint: problem.hint ?? 'Mend the file' });
  }

  @CheckRule()
  async *entities(): Findings {
    if (await this.fileProblem()) return;
    const missing = await this.missing();
    for (const { app, operations } of missing) {
      const what = operations.map(({ title }) => title).slice(0, 3);
      const more = operations.length > what.length ? `, and ${operations.length - what.length} more` : '';
      yield warning('orm.W021', `The entities of "${app}" differ from its migrations: ${what.join(', ')}${more}`, {
        hint: `Run: makemigrations ${app}`,
        at: this.apps.get(app).module.name,
      });
    }
  }

  /** Constraints that cannot be read are found by the check of their own. */
  private async missing(): Promise<readonly NewMigration[]> {
    try {
      return await this.maker.missing(new SilentDecisions());
    } catch (problem) {
      if (problem instanceof EntityMetadataError) return [];
      throw problem;
    }
  }

  @CheckRule({ database: true })
  async *pending(): Findings {
    for (const { alias, status } of await this.statuses()) {
      const open = status.filter((each) => each.status === 'pending' || each.status === 'broken-off');
      if (open.length === 0) continue;
      const names = open.slice(0, 3).map(({ app, name }) => `${app}.${name}`);
      const more = open.length > names.length ? `, and ${open.length - names.length} more` : '';
      yield warning(
        'orm.W020',
        `${open.length} migration(s) are not applied to "${alias}": ${names.join(', ')}${more}`,
        {
          hint: alias === 'default' ? 'Run: migrate' : `Run: migrate --database ${alias}`,
        },
      );
    }
  }

  @CheckRule({ database: true })
  async *history(): Findings {
    for (const { alias, status } of await this.statuses()) {
      for (const { app, name, changed, status: state } of status) {
        if (!changed && state !== 'file-missing') continue;
        const what = changed ? 'says something else than when it was applied' : 'is applied but has no file';
        yield warning('orm.W022', `${app}.${name} ${what} (database "${alias}")`, {
          hint: changed
            ? 'Restore the file; write further changes as a new migration'
            : `Restore the file, or forget it when it was squashed: migrate ${app} --prune`,
        });
      }
    }
  }

  /** Looked for once: modules that are imported do not change while the program runs. */
  private fileProblem(): Promise<FrameworkError | undefined> {
    this.problem ??= this.findFileProblem();
    return this.problem;
  }

  private async findFileProblem(): Promise<FrameworkError | undefined> {
    try {
      for (const database of this.databases.all()) (await this.migrator.graph(database)).merged.stateOf();
      return undefined;
    } catch (problem) {
      if (problem instanceof FrameworkError) return problem;
      throw problem;
    }
  }

  private async statuses(): Promise<
    readonly { readonly alias: string; readonly status: readonly MigrationStatus[] }[]
  > {
    if (await this.fileProblem()) return [];
    const aliases = this.databases.all().map(({ alias }) => alias);
    return Promise.all(aliases.map(async (alias) => ({ alias, status: await this.migrator.status(alias) })));
  }
}
