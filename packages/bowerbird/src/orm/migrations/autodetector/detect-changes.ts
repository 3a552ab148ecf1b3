import { sameData } from '../schema/schema-change.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { type ProjectState } from '../state/project-state.js';
import { type Change } from './change.js';
import { createdEntities } from './created-entities.js';
import { createdSchemas } from './created-schemas.js';
import { type Decisions } from './decisions.js';
import { droppedEntities } from './dropped-entities.js';
import { entityChanges } from './entity-changes.js';
import { inOrder } from './order.js';
import { findRenames } from './renames.js';

/**
 * The operations that turn the recorded state into the one of the entities, each after those that it needs. An empty list
 * says that the migrations are complete. @throws MigrationQuestionError when a decision is needed and nobody makes it
 */
export async function detectChanges(
  from: ProjectState,
  to: ProjectState,
  decisions: Decisions,
): Promise<readonly Change[]> {
  const renames = await findRenames(from, to, decisions);
  const recorded = renames.state;
  const added = [...to.entities.values()].filter((entity) => !recorded.has(entityKey(entity)));
  const removed = [...recorded.entities.values()].filter((entity) => !to.has(entityKey(entity)));
  const changes = [
    ...createdSchemas(recorded, to),
    ...renames.changes,
    ...createdEntities(added, removed),
    ...droppedEntities(removed, recorded),
  ];
  for (const [before, after] of commonEntities(recorded, to)) {
    changes.push(...(await entityChanges(before, after, recorded, decisions)));
  }
  return inOrder(changes, [...new Set([...to.entities.values(), ...recorded.entities.values()].map(({ app }) => app))]);
}

function commonEntities(from: ProjectState, to: ProjectState): readonly (readonly [EntityState, EntityState])[] {
  return [...to.entities.values()].flatMap((after) => {
    const before = from.entities.get(entityKey(after));
    return before && !sameData(before, after) ? [[before, after] as const] : [];
  });
}
