import { type DiscoveryService } from '@nestjs/core';

import { findContributions } from '#core';

import { type EntityDescription } from '../describe/entity-description.js';
import { OnWrite, type WriteEvent, type WriteListener } from './write-listener.js';

/** Tells the {@link WriteListener} providers of the application about writes. */
export class WriteNotifier {
  private found: readonly WriteListener[] | undefined;
  private readonly byEntity = new Map<EntityDescription, readonly WriteListener[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Whether any listener wants to hear of the entity; then before and after values must be known. */
  interested(description: EntityDescription): boolean {
    return this.listenersOf(description).length > 0;
  }

  /** Tells everyone who is interested, one after another, inside of the current transaction. */
  async notify(event: WriteEvent): Promise<void> {
    for (const listener of this.listenersOf(event.description)) await listener.written(event);
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
