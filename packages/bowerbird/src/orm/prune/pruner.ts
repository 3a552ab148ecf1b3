import { Inject, Injectable, Optional } from '@nestjs/common';

import { Clock, SystemClock } from '#core';

import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { type QuerySet } from '../query/query-set.js';
import { PRUNABLE_NOTE } from './prunable.decorator.js';

/** Rows that are deleted in one transaction. */
const BATCH = 1_000;

/** Deletes rows that their entities call prunable. */
@Injectable()
export class Pruner {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Optional() @Inject(Clock) private readonly clock: Clock = new SystemClock(),
  ) {}

  /** The entities that say which of their rows may go. */
  entities(): readonly EntityDescription[] {
    return this.databases.descriptions.all().filter(({ target }) => PRUNABLE_NOTE.read(target) !== undefined);
  }

  /** How many rows of an entity would go now. */
  async count(entity: EntityDescription): Promise<number> {
    return this.rows(entity).count();
  }

  /**
   * Deletes the rows for good, in batches, each in a transaction of its own, so that a long run never holds many locks and what it
   * did before an error stays done. Write listeners hear of each row. @throws ForeignKeyError
   */
  async prune(entity: EntityDescription, progress?: (deleted: number) => void): Promise<number> {
    const stale = this.rows(entity);
    const all = this.databases.of(entity.target).objects(entity.target).withoutScopes();
    let deleted = 0;
    for (;;) {
      const keys = await keysOf(stale.slice(0, BATCH), entity);
      const gone = keys.length === 0 ? 0 : await all.filter({ pk__in: keys }).forceDelete();
      deleted += gone;
      progress?.(deleted);
      if (gone === 0 || keys.length < BATCH) return deleted;
    }
  }

  private rows({ target }: EntityDescription): QuerySet {
    const select = PRUNABLE_NOTE.read(target)!;
    return select(this.databases.of(target).objects(target), this.clock.now()).untyped();
  }
}

/** Keys as lookups take them: values, or objects by path where a key has several parts. */
async function keysOf(rows: QuerySet, { primaryKey }: EntityDescription): Promise<readonly unknown[]> {
  return primaryKey.length === 1 ? rows.flat('pk').all() : rows.values(...primaryKey).all();
}
