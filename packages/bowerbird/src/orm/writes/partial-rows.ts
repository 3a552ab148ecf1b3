import { type EntityManager } from 'typeorm';

import { runWith } from '#core';

import { TOLERANT } from '../hydrate/accessors.js';

/** Methods of TypeORM that go through every property of an entity. */
const WALKERS = ['save', 'remove', 'softRemove', 'recover', 'insert', 'upsert', 'merge', 'preload'] as const;

type Walker = (typeof WALKERS)[number];
type Work = (this: EntityManager, ...args: unknown[]) => unknown;

/** Made once: every query runner has a manager of its own. */
const TOLERANT_WALKERS = Object.fromEntries(WALKERS.map((name) => [name, tolerant(name)]));

/**
 * Lets TypeORM write rows of which only some fields were loaded: to it the others are undefined, and it leaves their
 * columns as they are.
 */
export function letPartialRowsBeWritten(manager: EntityManager): void {
  Object.assign(manager, TOLERANT_WALKERS);
}

function tolerant(name: Walker): Work {
  return function (...args) {
    const { [name]: work } = Object.getPrototypeOf(this) as Readonly<Record<Walker, Work>>;
    return runWith(TOLERANT, true, () => work.apply(this, args));
  };
}
