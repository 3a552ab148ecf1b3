import { type EntityColumns } from './row-mapper.js';

/** Runs the `@AfterLoad` methods of entities and of what was joined to them. */
export async function afterLoad({ model, related }: EntityColumns, entities: readonly object[]): Promise<void> {
  for (const listener of model.metadata.afterLoadListeners)
    for (const entity of entities) if (listener.isAllowed(entity)) await listener.execute(entity);
  for (const { relation, columns } of related) {
    if (!hasListeners(columns)) continue;
    const joined = entities.map((entity) => relation.metadata.getEntityValue(entity, true) as object | null);
    await afterLoad(
      columns,
      joined.filter((entity) => entity !== null),
    );
  }
}

function hasListeners({ model, related }: EntityColumns): boolean {
  return model.metadata.afterLoadListeners.length > 0 || related.some(({ columns }) => hasListeners(columns));
}
