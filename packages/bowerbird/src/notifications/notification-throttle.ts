import { Injectable, Optional } from '@nestjs/common';

import { Cache } from '#cache';
import { parseDuration, showValue, type Duration } from '#core';

import { recipientKey } from './inbox/recipient-key.js';
import { type NotificationRecipient } from './notice.js';
import { NotificationThrottleError } from './notifications.errors.js';

/** At most one notification in a while. */
export interface ThrottleOptions {
  /** What it is about: `disk:/var`. Notifications of one name with different keys do not hold each other back. */
  readonly key?: string;
  /** To the same recipient at most once in this time. */
  readonly every: Duration;
}

/** Remembers in the cache who was notified of what. */
@Injectable()
export class NotificationThrottle {
  constructor(@Optional() private readonly cache?: Cache) {}

  /** Whether it is time again; of many who ask at once, one hears yes. @throws NotificationThrottleError */
  async begin(name: string, recipient: NotificationRecipient, options: ThrottleOptions): Promise<boolean> {
    if (!this.cache)
      throw new NotificationThrottleError('settings.cache is off', 'Remove `cache: false` from the settings');
    const length = parseDuration(options.every);
    if (length === undefined || length < 1)
      throw new NotificationThrottleError(`${showValue(options.every)} is no time`, "Write every: '1h'");
    return this.cache.add(keyOf(name, recipient, options), 1, { ttl: options.every });
  }

  /** Forgets that somebody was notified, because nobody was. */
  async undo(name: string, recipient: NotificationRecipient, options: ThrottleOptions): Promise<void> {
    await this.cache?.delete(keyOf(name, recipient, options));
  }
}

function keyOf(name: string, recipient: NotificationRecipient, { key = '' }: ThrottleOptions): string {
  return `notifications:${JSON.stringify([name, recipientKey(recipient), key])}`;
}
