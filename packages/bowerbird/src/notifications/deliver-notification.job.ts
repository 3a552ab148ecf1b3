import { BackgroundJob, Job, JobFailedError } from '#jobs';
import { MailDeliveryError } from '#mail';

import { NotificationChannels } from './channels/notification-channels.js';
import { type NotificationDelivery } from './notification-channel.js';

/** What {@link DeliverNotification} is given. */
export interface DeliverNotificationPayload {
  readonly channel: string;
  readonly delivery: Pick<NotificationDelivery, 'id' | 'name'> & {
    readonly recipient: { readonly id: string; readonly email: string | null };
  };
  /** What the channel has prepared. */
  readonly message: object;
}

/** Delivers what one channel has prepared. Each channel has a job of its own, so that none waits for another. */
@Job({ name: 'notifications.deliver', queue: 'notifications', attempts: 8 })
export class DeliverNotification extends BackgroundJob<DeliverNotificationPayload> {
  constructor(private readonly channels: NotificationChannels) {
    super();
  }

  async run({ channel, delivery, message }: DeliverNotificationPayload): Promise<void> {
    try {
      await this.channels.get(channel).deliver(message, delivery);
    } catch (error) {
      if (error instanceof MailDeliveryError && !error.temporary)
        throw new JobFailedError(error.message, { cause: error });
      throw error;
    }
  }
}
