import { type EntityManager } from 'typeorm';

import { runWith } from '#core';

import { TOLERANT } from '../hydrate/accessors.js';

/** Methods of TypeORM that go through every property of an entity. */
const WALKERS = ['save', 'remove', 'softRemove', 'recover', 'insert', 'upsert', 'merge', 'preload'] as const;

type Work = (...args: unknown[]) => unknown;

/**
 * Lets TypeORM write rows of which only some fields were loaded: to it the others are undefined, and it leaves their
 * columns as they are.
 */
export function letPartialRowsBeWritten(manager: EntityManager): void {
  const methods = manager as unknown as Record<(typeof WALKERS)[number], Work>;
  for (const name of WALKERS) {
    const work = methods[name].bind(manager);
    methods[name] = (...args) => runWith(TOLERANT, true, () => work(...args));
  }
}
