import { type DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { type EntityDescription } from '../describe/entity-description.js';
import { writtenEntity } from '../describe/written-entity.js';
import { OnWrite, type WriteEvent, type WriteListener } from './write-listener.js';

/** Tells the {@link WriteListener} providers of the application about writes. */
export class WriteNotifier {
  private found: readonly WriteListener[] | undefined;
  private readonly byEntity = new Map<EntityDescription, readonly WriteListener[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Whether any listener wants to hear of the entity; then before and after values must be known. */
  interested(description: EntityDescription): boolean {
    return this.listenersOf(writtenEntity(description)).length > 0;
  }

  /** Tells everyone who is interested, one after another, inside of the current transaction. */
  async notify(event: WriteEvent): Promise<void> {
    await this.notifyAll([event]);
  }

  /** Tells of several rows; each listener gets those that it is interested in together. */
  async notifyAll(events: readonly WriteEvent[]): Promise<void> {
    const heard = new Map<WriteListener, WriteEvent[]>();
    for (const event of events.map(ofEntity))
      for (const listener of this.listenersOf(event.description)) pushTo(heard, listener, event);
    for (const [listener, some] of heard) await listener.writtenAll(some);
  }

  /** Tells how many more rows went by cascade than were told of one by one. */
  async notifyUntold(written: EntityDescription, count: number, cause: string): Promise<void> {
    const description = writtenEntity(written);
    for (const listener of this.listenersOf(description)) await listener.untold(description, count, cause);
  }

  private listenersOf(description: EntityDescription): readonly WriteListener[] {
    const known = this.byEntity.get(description);
    if (known) return known;
    const listeners = this.listeners().filter((listener) => listener.interested(description));
    this.byEntity.set(description, listeners);
    return listeners;
  }

  private listeners(): readonly WriteListener[] {
    this.found ??= findContributions<WriteListener, void>(this.discovery, OnWrite).map(({ instance }) => instance);
    return this.found;
  }
}

/** What is written by way of a proxy is told of the entity itself. */
function ofEntity(event: WriteEvent): WriteEvent {
  return event.description.proxyOf ? { ...event, description: event.description.proxyOf } : event;
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
