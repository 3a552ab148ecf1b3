import { Command, ManagementCommand, type CommandInput, type CommandIo } from 'bowerbird/core';
import { Database } from 'bowerbird/orm';

import { Entry } from './entry.entity.js';

const ENTRIES: readonly Pick<Entry, 'name' | 'message'>[] = [
  { name: 'Ada', message: 'What a tidy nest! Everything blue is in its place.' },
  { name: 'Grace', message: 'Looked for a bug and found none.' },
  { name: 'Alan', message: 'I could not tell whether a bird or a machine has built this.' },
];

/** Something to look at. */
@Command({ name: 'seedguestbook', description: 'Fill an empty guestbook with a few entries' })
export class SeedGuestbookCommand extends ManagementCommand {
  constructor(private readonly database: Database) {
    super();
  }

  async run(_input: CommandInput, io: CommandIo): Promise<void> {
    if (await this.database.objects(Entry).exists()) return io.out('There are entries already.');
    const entries = ENTRIES.map((values) => Object.assign(new Entry(), values, { shown: true }));
    await this.database.save(entries);
    io.out(`Wrote ${entries.length} entries.`);
  }
}
