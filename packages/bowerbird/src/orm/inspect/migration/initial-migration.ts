import { type Catalog } from '../../catalog/catalog.js';
import { assemble, type NewMigration } from '../../migrations/autodetector/assemble.js';
import { detectChanges } from '../../migrations/autodetector/detect-changes.js';
import { SilentDecisions } from '../../migrations/autodetector/silent-decisions.js';
import { MigrationGraph } from '../../migrations/files/migration-graph.js';
import { ops } from '../../migrations/operations/ops.js';
import { CreateSchema } from '../../migrations/operations/schema.operations.js';
import { type SchemaEditor } from '../../migrations/schema/schema-editor.js';
import { ProjectState } from '../../migrations/state/project-state.js';
import { type InspectedApp } from '../model/inspected.js';
import { inspectedState } from './inspected-state.js';
import { sqlAfter, sqlBefore } from './special-sql.js';

/** The migration that makes in an empty database what was found in this one. */
export async function initialMigration(
  app: InspectedApp,
  catalog: Catalog,
  editor: SchemaEditor,
): Promise<NewMigration> {
  const changes = await detectChanges(ProjectState.empty, inspectedState(app), new SilentDecisions());
  const [migration] = assemble(changes, new MigrationGraph([]), 'initial');
  const operations = (migration?.operations ?? []).filter((operation) => !(operation instanceof CreateSchema));
  const schemas = schemasOf(app, catalog).map((schema) => ops.createSchema(schema));
  return {
    app: app.name,
    name: '0001_initial',
    dependencies: [],
    operations: [...schemas, ...sqlBefore(app, catalog), ...operations, ...sqlAfter(app, catalog, editor)],
  };
}

/** The schemas of everything that the migration makes, by operations or by SQL. */
function schemasOf({ entities }: InspectedApp, { types, sequences }: Catalog): readonly string[] {
  const pairs = entities.flatMap((entity) => entity.pairs);
  const places = [...entities.map(({ table }) => table), ...pairs, ...types, ...sequences];
  return [...new Set(places.flatMap(({ schema }) => schema ?? []))];
}
