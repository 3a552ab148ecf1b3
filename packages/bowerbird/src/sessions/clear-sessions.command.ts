import { BATCH_OPTION, clearInBatches, Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { SessionStore } from './session-store.js';

/** `clearsessions`: removes expired sessions in batches, so that no statement locks the table for long. */
@Command({ name: 'clearsessions', description: 'Remove expired sessions', options: [BATCH_OPTION] })
export class ClearSessionsCommand extends ManagementCommand {
  constructor(private readonly store: SessionStore) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    const total = await clearInBatches(input, (rows) => this.store.clearExpired(rows));
    io.out(`Removed ${total} expired session${total === 1 ? '' : 's'}`);
  }
}
