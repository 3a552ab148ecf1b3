import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Idempotency } from './idempotency.service.js';

const DEFAULT_BATCH = 1_000;

/** More would lock the table for long, and make lists that no database takes. */
const LARGEST_BATCH = 10_000;

/** `clearidempotency`: forgets answers whose time is over, in batches, so that no statement locks the table for long. */
@Command({
  name: 'clearidempotency',
  description: 'Forget the answers to old requests with an Idempotency-Key',
  options: [
    {
      flags: '--batch <rows>',
      description: `Rows per statement, at most ${LARGEST_BATCH}`,
      default: String(DEFAULT_BATCH),
    },
  ],
})
export class ClearIdempotencyCommand extends ManagementCommand {
  constructor(private readonly idempotency: Idempotency) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const batch = Number(options.batch ?? DEFAULT_BATCH);
    if (!Number.isInteger(batch) || batch < 1 || batch > LARGEST_BATCH)
      throw new CommandError(`--batch must be a whole number from 1 to ${LARGEST_BATCH}`);
    let total = 0;
    let removed: number;
    do {
      removed = await this.idempotency.clearExpired(batch);
      total += removed;
    } while (removed > 0);
    io.out(`Removed ${total} old answer${total === 1 ? '' : 's'}`);
  }
}
