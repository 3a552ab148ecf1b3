import { type MigrationGraph } from '../files/migration-graph.js';

/** The keys that entities had before, each with the one that it became in the end, of every migration there is. */
export function entityRenames({ ordered }: MigrationGraph): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const { app, migration } of ordered)
    for (const operation of migration.operations) {
      const rename = operation.rename(app);
      if (!rename) continue;
      for (const [first, last] of renames) if (last === rename.from) renames.set(first, rename.to);
      renames.set(rename.from, rename.to);
      renames.delete(rename.to);
    }
  return renames;
}
