import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { didYouMean, findContributions, type Contribution } from '#core';

import { Channel, NotificationChannel } from '../notification-channel.js';
import { UnknownChannelError } from '../notifications.errors.js';

/** The channels of the application, by name. */
@Injectable()
export class NotificationChannels {
  private known: ReadonlyMap<string, NotificationChannel> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws UnknownChannelError */
  get(name: string): NotificationChannel {
    this.known ??= new Map(this.contributions().map(({ meta, instance }) => [meta, instance]));
    const channel = this.known.get(name);
    if (channel) return channel;
    const names = [...this.known.keys()];
    throw new UnknownChannelError(name, names, didYouMean(name, names));
  }

  contributions(): readonly Contribution<NotificationChannel, string>[] {
    return findContributions<NotificationChannel, string>(this.discovery, Channel);
  }
}
