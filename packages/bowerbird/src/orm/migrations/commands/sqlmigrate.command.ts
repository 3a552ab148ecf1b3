import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { MigrationSql, SQL_FLAVORS, type SqlFlavor } from '../run/migration-sql.js';
import { statementLines } from '../run/statement-group.js';
import { choiceFrom, flagText } from './input.js';

/** What stands before and after statements that run in one transaction; on SQLite rebuilt tables must not take their children along. */
const TRANSACTION: Readonly<Record<SqlFlavor, readonly [before: readonly string[], after: readonly string[]]>> = {
  sqlite: [
    ['PRAGMA foreign_keys = OFF;', 'BEGIN;'],
    ['COMMIT;', 'PRAGMA foreign_keys = ON;'],
  ],
  postgres: [['BEGIN;'], ['COMMIT;']],
  mysql: [[], []],
  mariadb: [[], []],
};

/** Prints one migration as SQL. */
@Injectable()
@Command({
  name: 'sqlmigrate',
  description: 'Print the statements of a migration; no database is asked',
  arguments: [
    { name: 'app', description: 'the app' },
    { name: 'migration', description: 'its name or number' },
  ],
  options: [
    { flags: '--backward', description: 'the statements that take it back' },
    { flags: '--database <alias>', description: 'only what this database would run; that of the app by default' },
    { flags: '--dialect <name>', description: 'sqlite, postgres, mysql or mariadb; that of the database by default' },
  ],
  checks: false,
  database: false,
})
export class SqlMigrateCommand extends ManagementCommand {
  constructor(@Inject(MigrationSql) private readonly sql: MigrationSql) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const flavor = choiceFrom(options['dialect'], SQL_FLAVORS, 'dialect');
    const database = flagText(options['database']);
    const statements = await this.sql.of({
      app: flagText(args['app']) ?? '',
      name: flagText(args['migration']) ?? '',
      direction: options['backward'] === true ? 'backward' : 'forward',
      ...(flavor !== undefined && { flavor }),
      ...(database !== undefined && { database }),
    });
    const [before, after] = statements.atomic ? TRANSACTION[statements.flavor] : [[], []];
    io.out(`-- ${options['backward'] === true ? 'Take back ' : ''}${statements.key} (${statements.flavor})`);
    if (statements.elsewhere) {
      io.out(`-- Nothing of it is in the database "${statements.database}"`);
      return;
    }
    for (const line of [...before, ...statementLines(statements.groups), ...after]) io.out(line);
  }
}
