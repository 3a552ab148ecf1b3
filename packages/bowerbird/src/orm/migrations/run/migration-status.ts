import { checksum, migrationKey } from '../files/migration-file.js';
import { type MigrationGraph } from '../files/migration-graph.js';
import { type LedgerEntry } from './ledger.js';
import { squashedHistory } from './squashed-history.js';

/** A migration and whether it is applied. */
export interface MigrationStatus {
  readonly app: string;
  readonly name: string;
  readonly status: 'applied' | 'pending' | 'broken-off' | 'file-missing';
  /** The file says something else than when it was applied. */
  readonly changed: boolean;
  readonly appliedAt: Date | null;
  /** Milliseconds that it took; null where it is not applied. */
  readonly duration: number | null;
  /** Why its next step failed, of one that was broken off. */
  readonly failure: string | null;
  /** How many migrations it stands for; 0 unless it is a squashed one. */
  readonly squashed: number;
}

type Entries = ReadonlyMap<string, LedgerEntry>;

/** Every migration, and those that are applied without having a file. What a squashed one stands for is not listed. */
export function migrationStatuses(files: MigrationGraph, written: Entries): readonly MigrationStatus[] {
  const { partly } = squashedHistory(files, written);
  const graph = files.without(...partly.map(({ file }) => migrationKey(file)));
  const { entries } = squashedHistory(graph, written);
  const known = graph.ordered.map((file): MigrationStatus => {
    const entry = entries.get(migrationKey(file));
    const squashed = file.migration.replaces.length;
    return { ...statusOf(file, entry), changed: hasChanged(entry, () => checksum(file)), squashed };
  });
  const lost = lostEntries(graph, entries);
  return [...known, ...lost.map((entry) => ({ ...statusOf(entry, entry), status: 'file-missing' as const }))];
}

/** Entries of the ledger of which no file tells, and no squashed one stands for them. */
export function lostEntries(graph: MigrationGraph, entries: Entries): readonly LedgerEntry[] {
  const squashed = new Set(graph.files.map(migrationKey));
  return [...entries.values()].filter((entry) => {
    const key = migrationKey(entry);
    return !squashed.has(key) && !graph.has(graph.standIn(key));
  });
}

/** Whether a file says something else than when it was applied; what was written down without a file cannot. */
export function hasChanged(entry: LedgerEntry | undefined, current: () => string): boolean {
  return entry?.status === 'applied' && entry.checksum !== '' && entry.checksum !== current();
}

function statusOf(
  { app, name }: { readonly app: string; readonly name: string },
  entry?: LedgerEntry,
): MigrationStatus {
  const applied = entry?.status === 'applied';
  return {
    app,
    name,
    status: entry === undefined ? 'pending' : applied ? 'applied' : 'broken-off',
    changed: false,
    appliedAt: dateOf(entry?.appliedAt),
    duration: applied ? entry.duration : null,
    failure: entry?.failure ?? null,
    squashed: 0,
  };
}

function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return value;
  return typeof value === 'string' ? new Date(`${value.replace(' ', 'T')}Z`) : null;
}
