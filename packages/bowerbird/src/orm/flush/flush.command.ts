import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AppRegistry } from '../apps/app-registry.js';
import { Databases } from '../connection/databases.js';
import { flagText, wordList } from '../migrations/commands/input.js';
import { agree } from './agree.js';
import { Flusher } from './flusher.js';

/** Empties the tables after asking. */
@Injectable()
@Command({
  name: 'flush',
  description: 'Remove every row of the apps and let keys begin anew; tables and migrations stay',
  arguments: [{ name: 'apps', description: 'only these apps', optional: true, variadic: true }],
  options: [
    { flags: '-y, --yes', description: 'do not ask' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
  ],
  checks: false,
})
export class FlushCommand extends ManagementCommand {
  constructor(
    @Inject(Flusher) private readonly flusher: Flusher,
    @Inject(AppRegistry) private readonly apps: AppRegistry,
    @Inject(Databases) private readonly databases: Databases,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const apps = wordList(args.apps).map((name) => this.apps.get(name).name);
    const alias = flagText(options.database) ?? 'default';
    const count = this.flusher.tables(alias, apps).length;
    const { shown } = this.databases.get(alias).config;
    if (options.yes !== true) await agree(`This removes every row of ${count} table(s) of ${shown}.`, io);
    io.out(`Emptied ${await this.flusher.flush(alias, apps)} table(s).`);
  }
}
