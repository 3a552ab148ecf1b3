import { type EntityListenerMetadata } from 'typeorm/metadata/EntityListenerMetadata.js';

import { runWith } from '#core';

import { TOLERANT } from './accessors.js';
import { type EntityColumns } from './entity-columns.js';

/**
 * Runs the `@AfterLoad` methods of entities and of what was joined to them. To them, fields that were not loaded are
 * undefined.
 */
export async function afterLoad(columns: EntityColumns, entities: readonly object[]): Promise<void> {
  if (hasListeners(columns)) await runWith(TOLERANT, true, () => runListeners(columns, entities));
}

async function runListeners({ model, related }: EntityColumns, entities: readonly object[]): Promise<void> {
  for (const listener of model.metadata.afterLoadListeners)
    for (const entity of entities) if (isOf(listener, entity)) await listener.execute(entity);
  for (const { relation, columns } of related) {
    if (!hasListeners(columns)) continue;
    const joined = entities.map(
      (entity) => relation.metadata.getEntityValue(entity, true) as object | null | undefined,
    );
    await runListeners(
      columns,
      joined.filter((entity) => entity !== null && entity !== undefined),
    );
  }
}

/** Of entities that share a table, the one that owns it lists the methods of all. */
function isOf(listener: EntityListenerMetadata, entity: object): boolean {
  const { target, embeddedMetadata } = listener;
  return (
    listener.isAllowed(entity) &&
    (embeddedMetadata !== undefined || typeof target === 'string' || entity instanceof target)
  );
}

/** Whether anything listens to the loading of entities or of what is joined to them. */
export function hasListeners({ model, related }: EntityColumns): boolean {
  return model.metadata.afterLoadListeners.length > 0 || related.some(({ columns }) => hasListeners(columns));
}
