import {
  BATCH_OPTION,
  clearInBatches,
  Clock,
  Command,
  CommandError,
  ManagementCommand,
  type CommandInput,
  type CommandIo,
} from '#core';

import { NotificationsConfig } from '../notifications.options.js';
import { Inbox } from './inbox.service.js';

const DAY = 86_400_000;

/** `clearnotifications`: removes old notifications in batches, so that no statement locks the table for long. */
@Command({
  name: 'clearnotifications',
  description: 'Remove old notifications',
  options: [
    { flags: '--days <number>', description: 'Only those that are older, instead of settings.notifications.keep' },
    BATCH_OPTION,
  ],
})
export class ClearNotificationsCommand extends ManagementCommand {
  constructor(
    private readonly inbox: Inbox,
    private readonly clock: Clock,
    private readonly config: NotificationsConfig,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    const moment = new Date(this.clock.now().getTime() - this.ageOf(input));
    const total = await clearInBatches(input, (rows) => this.inbox.clearOlder(moment, rows));
    io.out(`Removed ${total} notification${total === 1 ? '' : 's'}`);
  }

  /** Milliseconds. */
  private ageOf({ options }: CommandInput): number {
    if (options.days === undefined) return this.config.keep;
    const days = Number(options.days);
    if (Number.isInteger(days) && days >= 0) return days * DAY;
    throw new CommandError('--days must be a whole number');
  }
}
