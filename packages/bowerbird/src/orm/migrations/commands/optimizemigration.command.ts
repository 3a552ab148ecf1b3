import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../../apps/app-registry.js';
import { migrationKey } from '../files/migration-file.js';
import { Migrator } from '../run/migrator.js';
import { MigrationSquasher } from '../run/squasher.js';
import { changeFiles } from '../writer/change-files.js';
import { migrationSource } from '../writer/write-migration.js';
import { flagText } from './input.js';
import { requireBuilt, writableFolder } from './writable-folder.js';

/** Writes a migration with fewer operations. */
@Injectable()
@Command({
  name: 'optimizemigration',
  description: 'Rewrite a migration that is applied nowhere with fewer operations',
  arguments: [
    { name: 'app', description: 'the app' },
    { name: 'migration', description: 'its name or number' },
  ],
  options: [{ flags: '--check', description: 'write nothing; exit with 1 when it could be shorter' }],
  checks: false,
})
export class OptimizeMigrationCommand extends ManagementCommand {
  constructor(
    @Inject(MigrationSquasher) private readonly squasher: MigrationSquasher,
    @Inject(Migrator) private readonly migrator: Migrator,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<number> {
    const app = this.apps.get(flagText(args['app']) ?? '');
    const folder = writableFolder(app);
    await requireBuilt([app]);
    const shorter = await this.squasher.optimized(app.name, flagText(args['migration']) ?? '');
    if (!shorter) {
      io.out('Nothing to optimize.');
      return 0;
    }
    if (options['check'] === true) {
      io.out(`${migrationKey(shorter)} could do with ${shorter.operations.length} operations`);
      return 1;
    }
    await this.requireUnapplied(migrationKey(shorter));
    io.out(`${migrationKey(shorter)}: ${shorter.operations.length} operations are left`);
    const changes = await folder.replaced(shorter.name, migrationSource(shorter, folder.door));
    await changeFiles(changes);
    io.out(`  ${changes[0]!.path}`);
    return 0;
  }

  private async requireUnapplied(key: string): Promise<void> {
    const aliases = (await this.migrator.knownIn()).get(key);
    if (!aliases) return;
    throw new CommandError(`${key} is applied to "${aliases.join('", "')}", and applied files must not change`, {
      hint: 'Use squashmigrations, which stands for it beside the original',
    });
  }
}
