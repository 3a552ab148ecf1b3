import { checksum, migrationKey, replacedKeys, type MigrationFile } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { MigrationHistoryError } from '../migrations.errors.js';
import { type Ledger, type LedgerEntry } from './ledger.js';

type Entries = ReadonlyMap<string, LedgerEntry>;

/** A squashed migration of which only a part was applied before it came. */
export interface PartlySquashed {
  readonly file: MigrationFile;
  readonly missing: readonly string[];
}

/**
 * What the ledger means for squashed migrations: one counts as applied when all that it stands for is. Only
 * {@link settleSquashed} writes that down.
 */
export interface SquashedHistory {
  readonly entries: Entries;
  readonly partly: readonly PartlySquashed[];
}

/** Reads the ledger with the squashed migrations of a graph in mind. */
export function squashedHistory(graph: MigrationGraph, entries: Entries): SquashedHistory {
  const seen = new Map(entries);
  const partly: PartlySquashed[] = [];
  for (const file of graph.ordered.filter(({ migration }) => migration.replaces.length > 0)) {
    if (entries.has(migrationKey(file))) continue;
    const replaced = replacedKeys(file);
    const missing = replaced.filter((key) => !isApplied(key, graph, entries));
    const last = entries.get(replaced.at(-1)!);
    if (missing.length === 0) seen.set(migrationKey(file), appliedLike(file, last));
    else if (replaced.some((key) => entries.has(key) || isApplied(key, graph, entries))) partly.push({ file, missing });
  }
  return { entries: seen, partly };
}

/** Refuses to go on while a squashed migration is applied by half. @throws MigrationHistoryError */
export function requireWhole({ partly }: SquashedHistory): void {
  for (const { file, missing } of partly) {
    throw new MigrationHistoryError(
      `${migrationKey(file)} stands for ${file.migration.replaces.length} migrations, of which only some are applied; missing: ${missing.join(', ')}`,
      {
        hint: `Apply the rest first, while their files are there: migrate ${file.app} ${file.migration.replaces.at(-1)}`,
      },
    );
  }
}

/**
 * Writes down the squashed migrations that are applied through those that they stand for, and the other way round, so
 * that older versions of the program still know what is applied. Call it under the lock.
 */
export async function settleSquashed(graph: MigrationGraph, ledger: Ledger): Promise<Entries> {
  const written = await ledger.read();
  const { entries } = squashedHistory(graph, written);
  for (const file of graph.ordered) {
    const key = migrationKey(file);
    if (file.migration.replaces.length === 0 || entries.get(key)?.status !== 'applied') continue;
    if (!written.has(key)) await ledger.applied(file, checksum(file), 0);
    await recordReplaced(graph, ledger, file, written);
  }
  return ledger.read();
}

/** Writes down what a squashed migration stands for, where that is missing. */
export async function recordReplaced(
  graph: MigrationGraph,
  ledger: Ledger,
  file: MigrationFile,
  written: Entries,
): Promise<void> {
  for (const name of file.migration.replaces) {
    const id = { app: file.app, name };
    if (written.has(migrationKey(id))) continue;
    const original = graph.files.find((each) => migrationKey(each) === migrationKey(id));
    await ledger.applied(id, original ? checksum(original) : '', 0);
  }
}

/** Removes what a squashed migration stands for from the ledger: it goes first, or it would bring the squashed one back. */
export async function forgetReplaced(ledger: Ledger, file: MigrationFile): Promise<void> {
  for (const name of file.migration.replaces) await ledger.forget({ app: file.app, name });
}

/** Applied itself, or by all that it stands for. */
function isApplied(key: string, graph: MigrationGraph, entries: Entries): boolean {
  if (entries.get(key)?.status === 'applied') return true;
  const file = graph.files.find((each) => migrationKey(each) === key);
  if (!file || file.migration.replaces.length === 0) return false;
  return replacedKeys(file).every((each) => isApplied(each, graph, entries));
}

function appliedLike(file: MigrationFile, last: LedgerEntry | undefined): LedgerEntry {
  return {
    app: file.app,
    name: file.name,
    checksum: checksum(file),
    status: 'applied',
    appliedAt: last?.appliedAt ?? null,
    duration: 0,
    step: 0,
    digest: '',
    failure: null,
  };
}
