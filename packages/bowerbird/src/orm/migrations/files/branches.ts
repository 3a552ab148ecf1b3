import { MigrationMergeError } from '../migrations.errors.js';
import { ProjectState } from '../state/project-state.js';
import { changedKeys, differentKeys } from '../state/same-state.js';
import { migrationKey, type MigrationFile } from './migration-file.js';
import { type MigrationGraph } from './migration-graph.js';
import { placesOf, replay } from './replay.js';

/** What one branch does that the others do not know of. */
export interface Branch {
  readonly leaf: MigrationFile;
  readonly files: readonly MigrationFile[];
  /** Keys of the entities that it changes; of those that refer to them too. */
  readonly entities: readonly string[];
  /** It runs SQL or code, which may touch anything. */
  readonly raw: boolean;
}

/** The branches of an app that end in its last migrations. */
export function branchesOf(graph: MigrationGraph, app: string): readonly Branch[] {
  const leaves = graph.leavesOf(app);
  const paths = leaves.map((leaf) => graph.upTo(migrationKey(leaf)));
  return leaves.map((leaf, index): Branch => {
    const others = new Set(paths.filter((_, other) => other !== index).flat());
    const files = paths[index]!.filter((file) => file.app === app && !others.has(file));
    return { leaf, files, ...effectsOf(paths[index]!, new Set(files)) };
  });
}

/** What several branches touch: entities that more than one changes, and branches whose SQL or code may touch any. */
export function sharedBetween(branches: readonly Branch[]): readonly string[] {
  const twice = branches.flatMap(({ entities }) => entities).filter((key, index, all) => all.indexOf(key) !== index);
  const raw = branches.filter((branch) => branch.raw).map(({ leaf }) => `what ${leaf.name} runs of its own`);
  return [...new Set([...twice, ...raw])];
}

/**
 * Branches may run in any order, because some databases have one of them already. So every order must come to the same
 * tables. @throws MigrationMergeError
 */
export function requireAnyOrder(graph: MigrationGraph, branches: readonly Branch[]): void {
  const [first, ...rest] = branches.map((branch) => stateBeginningWith(graph, branch, branches));
  const names = branches.map(({ leaf }) => leaf.name).join(' and ');
  for (const other of rest) {
    const different = differentKeys(first!, other);
    if (different.length === 0) continue;
    throw new MigrationMergeError(`${names} come to other tables when they change places: ${different.join(', ')}`, {
      hint: 'Let one follow the other: name it in `dependencies` of the one that is applied nowhere',
    });
  }
}

function stateBeginningWith(graph: MigrationGraph, start: Branch, branches: readonly Branch[]): ProjectState {
  const order = [start, ...branches.filter((branch) => branch !== start)];
  const files = new Set(order.flatMap(({ leaf }) => graph.upTo(migrationKey(leaf))));
  try {
    return [...files].reduce(replay, ProjectState.empty);
  } catch (cause) {
    const names = order.map(({ leaf }) => leaf.name).join(', then ');
    throw new MigrationMergeError(`${names} does not work: ${(cause as Error).message}`, {
      hint: 'Let one follow the other: name it in `dependencies` of the one that is applied nowhere, and mend it',
      cause,
    });
  }
}

/** What the files of a branch change, replayed after all that comes before them. */
function effectsOf(path: readonly MigrationFile[], own: ReadonlySet<MigrationFile>): Pick<Branch, 'entities' | 'raw'> {
  const changed = new Set<string>();
  let raw = false;
  path.reduce((state, file) => {
    for (const { before, after } of own.has(file) ? placesOf(state, file) : []) {
      raw ||= before === after;
      for (const key of changedKeys(before, after)) changed.add(key);
    }
    return replay(state, file);
  }, ProjectState.empty);
  return { entities: [...changed], raw };
}
