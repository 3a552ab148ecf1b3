import { isLinkChange, type AuditChanges, type AuditEntry, type FieldChange, type LinkChange } from '#audit';

/** What one person did at one moment: all entries that one request wrote of a row. */
export interface HistoryEvent {
  /** Of the entry that says most: an addition or change rather than the links beside it. */
  readonly action: string;
  readonly entry: AuditEntry;
  readonly messages: readonly string[];
  /** By path; a relation that was changed in several steps stands once. */
  readonly changes: AuditChanges;
}

/** Milliseconds within which entries without a request belong together. */
const MOMENT = 2_000;

/** Puts entries, newest first, together that one request wrote of one row. */
export function eventsOf(entries: readonly AuditEntry[]): readonly HistoryEvent[] {
  const groups: AuditEntry[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group && belongsTo(group[0]!, entry)) group.push(entry);
    else groups.push([entry]);
  }
  return groups.map(eventOf);
}

/** Links are written beside the row that they belong to. Commands have no request, but are as quick. */
function belongsTo(first: AuditEntry, entry: AuditEntry): boolean {
  if (entry.entity !== first.entity || entry.objectKey !== first.objectKey) return false;
  if (entry.requestId !== first.requestId || entry.actorId !== first.actorId) return false;
  if (entry.requestId === null && first.at.getTime() - entry.at.getTime() > MOMENT) return false;
  return entry.action === 'link' || first.action === 'link';
}

function eventOf(group: readonly AuditEntry[]): HistoryEvent {
  const entry = group.find(({ action }) => action !== 'link') ?? group[0]!;
  const oldestFirst = group.toReversed();
  const changes = oldestFirst.flatMap((one) => Object.entries(one.changes));
  return {
    action: entry.action,
    entry,
    messages: [...new Set(group.map(({ message }) => message).filter(Boolean))],
    changes: changes.reduce<AuditChanges>((all, [path, change]) => ({ ...all, [path]: merged(all[path], change) }), {}),
  };
}

/** Rows that were linked and unlinked again in one go are no change. */
function merged(
  before: FieldChange | LinkChange | undefined,
  change: FieldChange | LinkChange,
): FieldChange | LinkChange {
  if (!before || !isLinkChange(before) || !isLinkChange(change)) return change;
  const added = [...before.added.filter((key) => !change.removed.includes(key)), ...change.added];
  const removed = [...before.removed, ...change.removed.filter((key) => !before.added.includes(key))];
  return {
    added: added.filter((key) => !before.removed.includes(key)),
    removed: removed.filter((key) => !change.added.includes(key)),
  };
}
