import { isMeant, migrationKey, type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { MigrationHistoryError } from '../migrations.errors.js';
import { type Direction } from '../operations/operation.js';
import { type LedgerEntry } from './ledger.js';

/** Where to go: everything, one app, or one migration of an app; `zero` is before the first. */
export interface MigrateTarget {
  readonly app?: string;
  /** A migration's name, the beginning of one, its number, or `zero`. */
  readonly name?: string;
}

/** One migration to run, and in which direction. */
export interface PlannedMigration {
  readonly file: MigrationFile;
  readonly direction: Direction;
}

/** Name of the point before the first migration of an app. */
export const ZERO = 'zero';

type Entries = ReadonlyMap<string, LedgerEntry>;

/** The migrations between what the ledger says and the target, in the order to run them. @throws UnknownMigrationError */
export function planMigrations(
  graph: MigrationGraph,
  entries: Entries,
  { app, name }: MigrateTarget,
): readonly PlannedMigration[] {
  requireConsistent(graph, entries);
  if (app === undefined) return forward(graph.ordered, entries);
  if (name === ZERO) return backward(graph.ofApp(app), graph, entries);
  if (name === undefined) return forward(upToLeaf(graph, app), entries);
  const target = graph.find(app, name);
  const later = graph.from(migrationKey(target)).filter((file) => file !== target && file.app === app);
  const back = backward(later, graph, entries);
  return back.length > 0 ? back : forward(graph.upTo(migrationKey(target)), entries);
}

/**
 * The graph in which a target can be reached: one that a squashed migration stands for is there only while that one
 * steps back. @throws MigrationHistoryError when the squashed one is applied as a whole
 */
export function graphTowards(graph: MigrationGraph, entries: Entries, { app, name }: MigrateTarget): MigrationGraph {
  if (app === undefined || name === undefined || name === ZERO) return graph;
  if (graph.ofApp(app).some((file) => isMeant(file, name))) return graph;
  const hidden = graph.files.find((file) => file.app === app && isMeant(file, name));
  if (!hidden) return graph;
  const squashed = graph.standIn(migrationKey(hidden));
  if (entries.has(squashed)) {
    throw new MigrationHistoryError(`${migrationKey(hidden)} is a part of ${squashed}, which is applied as a whole`, {
      hint: 'Name the migration before or after it',
    });
  }
  return graphTowards(graph.without(squashed), entries, { app, name });
}

function upToLeaf(graph: MigrationGraph, app: string): readonly MigrationFile[] {
  const leaf = graph.leafOf(app);
  return leaf ? graph.upTo(migrationKey(leaf)) : [];
}

/** What was broken off on its way back is taken back first, and then applied with the others. */
function forward(files: readonly MigrationFile[], entries: Entries): readonly PlannedMigration[] {
  return files.flatMap((file): PlannedMigration[] => {
    const status = entries.get(migrationKey(file))?.status;
    if (status === 'applied') return [];
    const apply: PlannedMigration = { file, direction: 'forward' };
    return status === 'backward' ? [{ file, direction: 'backward' }, apply] : [apply];
  });
}

function backward(
  files: readonly MigrationFile[],
  graph: MigrationGraph,
  entries: Entries,
): readonly PlannedMigration[] {
  const dependents = new Set(files.flatMap((file) => graph.from(migrationKey(file)).map(migrationKey)));
  return graph.ordered
    .filter((file) => dependents.has(migrationKey(file)) && entries.has(migrationKey(file)))
    .toReversed()
    .map((file) => ({ file, direction: 'backward' }));
}

/** An applied migration whose requirement is not applied: a file was put in before it. @throws MigrationHistoryError */
function requireConsistent(graph: MigrationGraph, entries: Entries): void {
  for (const file of graph.ordered) {
    const key = migrationKey(file);
    if (entries.get(key)?.status !== 'applied') continue;
    const missing = graph.requirementsOf(key).find((requirement) => !entries.has(requirement));
    if (missing === undefined) continue;
    throw new MigrationHistoryError(`${key} is applied, but ${missing}, which comes before it, is not`, {
      hint: `Renumber the new file so that it comes last, or record it as applied: migrate ${missing.replace('.', ' ')} --fake`,
    });
  }
}
