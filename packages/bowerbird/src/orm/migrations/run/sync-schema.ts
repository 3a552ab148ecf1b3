import { type Database } from '../../connection/database.js';
import { type EntityDescription } from '../../describe/entity-description.js';
import { changeOf } from '../schema/schema-change.js';
import { createSchema } from '../schema/schema-steps.js';
import { tableNameOf } from '../schema/table-name.js';
import { type TableSchema } from '../schema/table-schema.js';
import { tablesOf } from '../schema/tables-of.js';
import { describeState } from '../state/describe-state.js';
import { MigrationSession } from './session.js';
import { runStep } from './step-runner.js';

/**
 * Creates the tables of the entities without migration files: for tests and for trying things out. Tables that exist
 * are left as they are, so that it can follow `migrate` for the apps that have no files. Returns the names of the new tables.
 */
export async function syncSchema(
  database: Database,
  descriptions: readonly EntityDescription[] = database.descriptions.all(),
): Promise<readonly string[]> {
  const state = describeState(
    descriptions.filter((description) => database.placement.isHome(database.alias, description)),
    (target) => (database.descriptions.has(target) ? database.descriptions.of(target) : undefined),
  );
  return MigrationSession.use(database, async (session) => {
    const wanted = tablesOf(state, session.dialect);
    const missing = new Map<string, TableSchema>();
    for (const [name, table] of wanted) if (!(await session.hasTable(name))) missing.set(name, table);
    const schemas = new Set([...missing.keys()].flatMap((name) => tableNameOf(name).schema ?? []));
    const steps = [...[...schemas].map(createSchema), ...session.editor.steps(changeOf(new Map(), missing))];
    await session.schemaTransaction(async () => {
      for (const step of steps) await runStep(session, step);
    });
    return [...missing.keys()];
  });
}
