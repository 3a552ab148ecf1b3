import { type Class } from '#core';

import { type QuerySet } from '../query/query-set.js';

/** An entity whose manager is its static property `objects`: what is asked for its rows has the class of the manager. */
export type ManagedEntity<E extends object, Q extends QuerySet<E>> = Class<E> & { readonly objects: Q };
