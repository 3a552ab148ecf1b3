import { DiscoveryService } from '@nestjs/core';

import { type NotificationRecipient } from './notice.js';

/** Whom a channel tells what. */
export interface NotificationDelivery {
  /** The same for every attempt of one notification by one channel. */
  readonly id: string;
  /** Of the notification: `orders.shipped`. */
  readonly name: string;
  readonly recipient: NotificationRecipient;
}

/** Why a channel has nothing to do. */
export class Skipped {
  constructor(readonly reason: string) {}
}

/** Marks a {@link NotificationChannel} provider with its name, which is also that of the method it asks. */
export const Channel = DiscoveryService.createDecorator<string>();

/**
 * A way to tell somebody something, in two steps: a message is made while the notification is at hand, and delivered then
 * or later, by a worker. `C` is what the notification's method answers.
 */
export abstract class NotificationChannel<C = unknown, M extends object = object> {
  /** What is to be delivered, as JSON; or why nothing is. */
  abstract prepare(content: C, delivery: NotificationDelivery): Promise<M | Skipped>;

  /** Delivers a message. It may be called again with the same delivery, when a worker was killed in the middle. */
  abstract deliver(message: M, delivery: NotificationDelivery): Promise<void>;
}
