import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { SessionStore } from './session-store.js';

const DEFAULT_BATCH = 1000;

/** More would lock the table for long, and make lists that no database takes. */
const LARGEST_BATCH = 10_000;

/** `clearsessions`: removes expired sessions in batches, so that no statement locks the table for long. */
@Command({
  name: 'clearsessions',
  description: 'Remove expired sessions',
  options: [
    {
      flags: '--batch <rows>',
      description: `Rows per statement, at most ${LARGEST_BATCH}`,
      default: String(DEFAULT_BATCH),
    },
  ],
})
export class ClearSessionsCommand extends ManagementCommand {
  constructor(private readonly store: SessionStore) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const batch = Number(options.batch ?? DEFAULT_BATCH);
    if (!Number.isInteger(batch) || batch < 1 || batch > LARGEST_BATCH)
      throw new CommandError(`--batch must be a whole number from 1 to ${LARGEST_BATCH}`);
    let total = 0;
    let removed: number;
    // Another run may have taken a part of a batch: only an empty one is the last.
    do {
      removed = await this.store.clearExpired(batch);
      total += removed;
    } while (removed > 0);
    io.out(`Removed ${total} expired session${total === 1 ? '' : 's'}`);
  }
}
