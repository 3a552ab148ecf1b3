import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { flagText } from '../commands/input.js';
import { differenceText } from './difference.js';
import { DriftFinder, type DriftReport } from './drift-finder.js';

/** Tells in what a live database is not what its migrations say. */
@Injectable()
@Command({
  name: 'checkdrift',
  description: 'Compare a live database with what its applied migrations say; exit with 1 when they differ',
  options: [
    { flags: '--json', description: 'as data' },
    { flags: '--unknown-tables', description: 'list the tables that no migration knows as well' },
    { flags: '--database <alias>', description: 'which database', default: 'default' },
  ],
  checks: false,
})
export class CheckDriftCommand extends ManagementCommand {
  constructor(@Inject(DriftFinder) private readonly finder: DriftFinder) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<number> {
    const alias = flagText(options['database']) ?? 'default';
    const report = await this.finder.find(alias);
    if (options['json'] === true) io.out(JSON.stringify(report, null, 2));
    else tell(report, options['unknownTables'] === true, io);
    return report.differences.length + report.unfinished.length > 0 ? 1 : 0;
  }
}

function tell({ differences, unknownTables, unfinished }: DriftReport, tables: boolean, io: CommandIo): void {
  for (const key of unfinished) io.err(`${key} was broken off; run migrate, then compare again`);
  for (const difference of differences) io.out(differenceText(difference));
  if (tables) for (const name of unknownTables) io.out(`table "${name}" is not known to the migrations`);
  if (differences.length + unfinished.length === 0) io.out('The database is what the migrations say.');
}
