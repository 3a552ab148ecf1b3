import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput } from '#core';

import { Databases } from '../connection/databases.js';
import { flagText, wordList } from '../migrations/commands/input.js';
import { clientCommand } from './client-command.js';
import { runClient } from './run-client.js';

/** Starts the database's own client. */
@Injectable()
@Command({
  name: 'dbshell',
  description: 'Start sqlite3, psql, mysql or mariadb with the connection of the application',
  arguments: [
    {
      name: 'parameters',
      description: 'for the client, after --: dbshell -- -c "select 1"',
      optional: true,
      variadic: true,
    },
  ],
  options: [{ flags: '--database <alias>', description: 'which database', default: 'default' }],
  checks: false,
  database: false,
})
export class DbShellCommand extends ManagementCommand {
  constructor(@Inject(Databases) private readonly databases: Databases) {
    super();
  }

  async run({ args, options }: CommandInput): Promise<number> {
    const database = this.databases.get(flagText(options.database) ?? 'default');
    return runClient((folder) => clientCommand(database, folder), wordList(args.parameters));
  }
}
