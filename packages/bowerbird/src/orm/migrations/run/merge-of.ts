import { type NewMigration } from '../autodetector/assemble.js';
import { branchesOf, requireAnyOrder, sharedBetween, type Branch } from '../files/branches.js';
import { numberedName } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';

/**
 * Agrees that branches which touch the same things do not depend on their order.
 * @param name `shop.0003_a+0003_b`
 * @throws MigrationQuestionError when nobody agrees
 */
export type AgreeToMerge = (name: string, question: string) => Promise<void>;

/** Longest name that is made from those of branches. */
const LONGEST_MERGE = 60;

/** The migration that joins the branches of an app. @throws MigrationMergeError when their order matters */
export async function mergeOf(
  graph: MigrationGraph,
  app: string,
  agree: AgreeToMerge,
  name: string | undefined,
): Promise<NewMigration> {
  const branches = branchesOf(graph, app);
  requireAnyOrder(graph, branches);
  await askAboutShared(app, branches, agree);
  const leaves = branches.map(({ leaf }) => leaf.name);
  const usual = ['merge', ...leaves].join('_').slice(0, LONGEST_MERGE).replace(/_+$/, '');
  return {
    app,
    name: numberedName(graph.lastNumber(app) + 1, name ?? usual),
    dependencies: leaves.map((leaf) => [app, leaf] as const),
    operations: [],
  };
}

async function askAboutShared(app: string, branches: readonly Branch[], agree: AgreeToMerge): Promise<void> {
  const shared = sharedBetween(branches);
  if (shared.length === 0) return;
  const leaves = branches.map(({ leaf }) => leaf.name);
  const question = `${leaves.join(' and ')} both touch ${shared.join(', ')}. Is their order indifferent?`;
  await agree(`${app}.${leaves.join('+')}`, question);
}
