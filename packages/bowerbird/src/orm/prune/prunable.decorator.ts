import { NoteKey, type Class } from '#core';

import { type QuerySet } from '../query/query-set.js';

/** Chooses the rows that are no longer wanted, given all of them and the present moment. */
export type PrunableRows<E extends object> = (rows: QuerySet<E>, now: Date) => QuerySet<E>;

/** The notes of {@link Prunable}. */
export const PRUNABLE_NOTE = new NoteKey<PrunableRows<object>>('prunable');

/**
 * Says which rows of an entity the command `prune` deletes.
 * @example `@Prunable<Invitation>((invitations, now) => invitations.filter({ expiresAt__lt: now }))`
 */
export function Prunable<E extends object>(rows: PrunableRows<E>): (target: Class<E>) => void {
  return (target) => PRUNABLE_NOTE.write(target, rows as unknown as PrunableRows<object>);
}
