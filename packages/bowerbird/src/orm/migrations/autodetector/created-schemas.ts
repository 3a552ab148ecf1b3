import { CreateSchema } from '../operations/schema.operations.js';
import { schemasOf, type ProjectState } from '../state/project-state.js';
import { Rank, type Change } from './change.js';

/** A schema for each app that has its first table there: apps know nothing of the schemas that others make. */
export function createdSchemas(recorded: ProjectState, to: ProjectState): readonly Change[] {
  const apps = [...new Set([...to.entities.values()].map(({ app }) => app))];
  return apps.flatMap((app) => {
    const known = new Set(recorded.ofApp(app).flatMap(schemasOf));
    const wanted = [...new Set(to.ofApp(app).flatMap(schemasOf))];
    return wanted
      .filter((schema) => !known.has(schema) && !recorded.hasSchema(app, schema))
      .map((schema): Change => {
        const operation = new CreateSchema(schema);
        return { app, operation, rank: Rank.CreateSchema, provides: [], requires: [], refersTo: [] };
      });
  });
}
