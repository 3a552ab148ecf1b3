import { type DeletionEffect } from '../cascade/deletion-effect.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { whereOf } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { count } from '../query/run/count.js';
import { activeRows } from './trash.js';

/**
 * What of the effects of a deletion is left when rows are only marked as deleted: rows with a deletion date go along,
 * references stay as they are, and rows that are marked already neither go nor forbid anything.
 */
export async function trashEffects(
  engine: QueryEngine,
  effects: readonly DeletionEffect[],
): Promise<readonly DeletionEffect[]> {
  const going = new Set<EntityDescription>();
  const kept: DeletionEffect[] = [];
  for (const effect of effects) {
    if (!concerns(effect, going)) continue;
    const active = await countActive(engine, effect);
    if (effect.kind === 'delete') going.add(effect.entity);
    if (active > 0 || effect.relation === null) kept.push({ ...effect, count: active });
  }
  return kept;
}

function concerns({ kind, entity, through }: DeletionEffect, going: ReadonlySet<EntityDescription>): boolean {
  if (through !== null && !going.has(through)) return false;
  return kind === 'protect' || (kind === 'delete' && entity.deletionDate !== null);
}

async function countActive(engine: QueryEngine, { entity, where, count: all }: DeletionEffect): Promise<number> {
  if (!where) return all;
  return count(engine, { ...activeRows(engine.model(entity.target)), where: [whereOf(where)] });
}
