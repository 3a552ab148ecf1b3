import { randomUUID } from 'node:crypto';

import { Injectable, Logger, Optional } from '@nestjs/common';

import { Jobs } from '#jobs';

import { NotificationChannels } from './channels/notification-channels.js';
import { DeliverNotification } from './deliver-notification.job.js';
import { recipientKey } from './inbox/recipient-key.js';
import { notificationOptionsOf, type Notice, type NotificationOptions, type NotificationRecipient } from './notice.js';
import { Skipped, type NotificationChannel, type NotificationDelivery } from './notification-channel.js';
import { NotificationResult, type ChannelOutcome } from './notification-result.js';
import { NotificationThrottle, type ThrottleOptions } from './notification-throttle.js';
import { ChannelMethodError, NotificationQueueError, UnmarkedNotificationError } from './notifications.errors.js';

/** How somebody is notified. */
export interface NotifyOptions {
  /** Skips every channel where the recipient has heard of it a short while ago. */
  readonly throttle?: ThrottleOptions;
}

/** What is done with a message that a channel has prepared. */
type Handle = (
  channel: NotificationChannel,
  message: object,
  delivery: NotificationDelivery,
  name: string,
) => Promise<'delivered' | 'queued'>;

/** Tells people things, each by all channels of the notification; a channel that fails keeps no other from its work. */
@Injectable()
export class Notifications {
  private readonly logger = new Logger('Notifications');

  constructor(
    private readonly channels: NotificationChannels,
    private readonly throttle: NotificationThrottle,
    @Optional() private readonly jobs?: Jobs,
  ) {}

  /**
   * Notifies somebody now and tells what became of it. Errors of channels are logged and part of the result.
   * @throws UnmarkedNotificationError, NotificationRecipientError, NotificationThrottleError
   */
  send(recipient: NotificationRecipient, notice: Notice, options: NotifyOptions = {}): Promise<NotificationResult> {
    return this.notify(recipient, notice, options, async (channel, message, delivery) => {
      await channel.deliver(message, delivery);
      return 'delivered';
    });
  }

  /** Notifies several people one after the other. @throws as {@link send}, before anybody is notified */
  async sendMany(
    recipients: readonly NotificationRecipient[],
    notice: Notice,
    options: NotifyOptions = {},
  ): Promise<readonly NotificationResult[]> {
    recipients.forEach(recipientKey);
    const results: NotificationResult[] = [];
    for (const recipient of recipients) results.push(await this.send(recipient, notice, options));
    return results;
  }

  /**
   * Makes the messages of all channels now and has workers deliver them, each channel in a job of its own, up to eight
   * times. Inside of a transaction they are queued when that commits, and never when it does not.
   * @throws NotificationQueueError where the jobs are off, and as {@link send}
   */
  async queue(
    recipient: NotificationRecipient,
    notice: Notice,
    options: NotifyOptions = {},
  ): Promise<NotificationResult> {
    const { jobs } = this;
    if (!jobs) throw new NotificationQueueError();
    return this.notify(recipient, notice, options, async (_channel, message, { id, name }, channel) => {
      const { email = null } = recipient;
      const delivery = { id, name, recipient: { id: recipientKey(recipient), email } };
      await jobs.enqueue(DeliverNotification, { channel, delivery, message });
      return 'queued';
    });
  }

  private async notify(
    recipient: NotificationRecipient,
    notice: Notice,
    { throttle }: NotifyOptions,
    handle: Handle,
  ): Promise<NotificationResult> {
    const marked = notificationOptionsOf(notice);
    if (!marked) throw new UnmarkedNotificationError(notice.constructor.name);
    recipientKey(recipient);
    const { name } = marked;
    if (throttle && !(await this.throttle.begin(name, recipient, throttle)))
      return new NotificationResult(recipient, marked.channels.map(throttled));
    const result = new NotificationResult(recipient, await this.outcomes(recipient, notice, marked, handle));
    if (throttle && result.delivered.length === 0) await this.throttle.undo(name, recipient, throttle);
    return result;
  }

  /** One after the other: what they write may share a transaction. */
  private async outcomes(
    recipient: NotificationRecipient,
    notice: Notice,
    { name, channels }: NotificationOptions,
    handle: Handle,
  ): Promise<readonly ChannelOutcome[]> {
    const outcomes: ChannelOutcome[] = [];
    for (const channel of channels) {
      const delivery = { id: randomUUID(), name, recipient };
      outcomes.push(
        await this.outcome(channel, notice, delivery, handle).catch((thrown: unknown) =>
          this.failed(channel, delivery, thrown),
        ),
      );
    }
    return outcomes;
  }

  private async outcome(
    name: string,
    notice: Notice,
    delivery: NotificationDelivery,
    handle: Handle,
  ): Promise<ChannelOutcome> {
    const channel = this.channels.get(name);
    const content = await contentOf(notice, name, delivery);
    if (content === null || content === undefined)
      return { channel: name, status: 'skipped', reason: 'the notification has nothing to say by it' };
    const message = await channel.prepare(content, delivery);
    if (message instanceof Skipped) return { channel: name, status: 'skipped', reason: message.reason };
    return { channel: name, status: await handle(channel, message, delivery, name) };
  }

  private failed(channel: string, { name, recipient }: NotificationDelivery, thrown: unknown): ChannelOutcome {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.logger.error(`${name} to ${recipient.id} by ${channel} failed: ${error.message}`, error.stack);
    return { channel, status: 'failed', error };
  }
}

function throttled(channel: string): ChannelOutcome {
  return { channel, status: 'skipped', reason: 'the recipient was notified a short while ago' };
}

/** What the notification says by a channel: the answer of the method with the channel's name. */
async function contentOf(notice: Notice, channel: string, { name, recipient }: NotificationDelivery): Promise<unknown> {
  const method: unknown = (notice as unknown as Readonly<Record<string, unknown>>)[channel];
  if (typeof method !== 'function') throw new ChannelMethodError(name, channel);
  return (method as (to: NotificationRecipient) => unknown).call(notice, recipient);
}
