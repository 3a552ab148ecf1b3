import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { SessionStore } from './session-store.js';

const DEFAULT_BATCH = 1000;

/** `clearsessions`: removes expired sessions in batches, so that no statement locks the table for long. */
@Command({
  name: 'clearsessions',
  description: 'Remove expired sessions',
  options: [{ flags: '--batch <rows>', description: 'Rows per statement', default: String(DEFAULT_BATCH) }],
})
export class ClearSessionsCommand extends ManagementCommand {
  constructor(private readonly store: SessionStore) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const batch = Number(options.batch ?? DEFAULT_BATCH);
    if (!Number.isInteger(batch) || batch < 1) throw new CommandError(`--batch must be a whole number of at least 1`);
    let total = 0;
    let removed: number;
    do {
      removed = await this.store.clearExpired(batch);
      total += removed;
    } while (removed === batch);
    io.out(`Removed ${total} expired session${total === 1 ? '' : 's'}`);
  }
}
