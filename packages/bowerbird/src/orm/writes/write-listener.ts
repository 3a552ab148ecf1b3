import { DiscoveryService } from '@nestjs/core';

import { type EntityDescription, type EntityKey } from '../describe/entity-description.js';

/** Values by property path; relations hold keys. Sensitive fields are included: a listener that stores values masks them. */
export type WrittenValues = Readonly<Record<string, unknown>>;

/** A change of a to-many relation: the keys of the rows that were linked and unlinked. */
export interface RelationChange {
  readonly path: string;
  readonly added: readonly EntityKey[];
  readonly removed: readonly EntityKey[];
}

/** One written row. */
export interface WriteEvent {
  readonly kind: 'insert' | 'update' | 'delete' | 'related';
  readonly description: EntityDescription;
  readonly key: EntityKey;
  /** The text form of the row. */
  readonly text: string;
  /** Values before; for updates and deletes. */
  readonly before?: WrittenValues;
  /** Values after; for inserts and updates. */
  readonly after?: WrittenValues;
  /** For `related`. */
  readonly relation?: RelationChange;
  /** The row came from a fixture: its values are complete, and rows that it refers to may still be missing. */
  readonly raw?: true;
  /** For a row that went by ON DELETE CASCADE: what was deleted, as `shelf “A”` or `3 shelves`. */
  readonly cause?: string;
}

/**
 * Hears of every write of the entities that it is interested in: `save` and `remove`, query sets' `update` and `delete`,
 * TypeORM's `update`, `delete`, `upsert` and their query builders, rows that go by ON DELETE CASCADE, and changes of
 * to-many relations. Runs inside of the same transaction, so what it writes is kept or dropped together,
 * and its error stops the write.
 */
export abstract class WriteListener {
  /** Asked once per entity; the answer is kept. */
  abstract interested(description: EntityDescription): boolean;
  abstract written(event: WriteEvent): Promise<void>;

  /** Hears of several rows that one statement wrote, some hundred at a time. */
  async writtenAll(events: readonly WriteEvent[]): Promise<void> {
    for (const event of events) await this.written(event);
  }

  /** Hears how many more rows of an entity went by ON DELETE CASCADE than it was told of: 1,000 for each deletion. */
  async untold(_description: EntityDescription, _count: number, _cause: string): Promise<void> {}
}

/** Registers a {@link WriteListener} provider. */
export const OnWrite = DiscoveryService.createDecorator<void>();
