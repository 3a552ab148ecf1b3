import { BATCH_OPTION, clearInBatches, Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Idempotency } from './idempotency.service.js';

/** `clearidempotency`: forgets answers whose time is over, in batches, so that no statement locks the table for long. */
@Command({
  name: 'clearidempotency',
  description: 'Forget the answers to old requests with an Idempotency-Key',
  options: [BATCH_OPTION],
})
export class ClearIdempotencyCommand extends ManagementCommand {
  constructor(private readonly idempotency: Idempotency) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    const total = await clearInBatches(input, (rows) => this.idempotency.clearExpired(rows));
    io.out(`Removed ${total} old answer${total === 1 ? '' : 's'}`);
  }
}
