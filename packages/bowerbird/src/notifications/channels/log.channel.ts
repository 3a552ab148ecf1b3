import { Logger } from '@nestjs/common';

import { Channel, NotificationChannel, type NotificationDelivery } from '../notification-channel.js';

/** A line of the log. */
@Channel('log')
export class LogChannel extends NotificationChannel<string, { readonly line: string }> {
  private readonly logger = new Logger('Notifications');

  async prepare(line: string): Promise<{ readonly line: string }> {
    return { line };
  }

  async deliver({ line }: { readonly line: string }, { name, recipient }: NotificationDelivery): Promise<void> {
    this.logger.log(`${name} to ${recipient.id}: ${line}`);
  }
}
