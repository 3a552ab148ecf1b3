import { Inject, Injectable } from '@nestjs/common';

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { agree } from '../flush/agree.js';
import { StaleContentTypes, type StaleContentType } from './stale-content-types.js';

/** Removes content types of entities that are gone, after asking. */
@Injectable()
@Command({
  name: 'remove_stale_contenttypes',
  description: 'Remove content types of entities that are gone, and the rows that refer to rows of these',
  options: [
    { flags: '-y, --yes', description: 'do not ask' },
    { flags: '--include-stale-apps', description: 'also those of apps that are not installed any more' },
  ],
  checks: false,
})
export class RemoveStaleContentTypesCommand extends ManagementCommand {
  constructor(@Inject(StaleContentTypes) private readonly types: StaleContentTypes) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const stale = await this.types.find({ goneApps: options.includeStaleApps === true });
    if (stale.length === 0) {
      io.out('No content type is stale.');
      return;
    }
    for (const line of stale.flatMap(linesOf)) io.out(line);
    const rows = stale.flatMap(({ references }) => references).reduce((sum, { count }) => sum + count, 0);
    const what = `${stale.length} content type(s) and ${rows} row(s) that refer to rows of them`;
    if (options.yes !== true) await agree(`This removes ${what}.`, io);
    const removed = await this.types.remove(stale);
    io.out(`Removed ${stale.length} content type(s) and ${removed} row(s).`);
  }
}

function linesOf({ type, references }: StaleContentType): readonly string[] {
  return [type.key(), ...references.map(({ path, count }) => `  ${path}: ${count} row(s)`)];
}
