import { Inject, Injectable, Optional } from '@nestjs/common';

import { AuditTrail, type AuditEntry } from '#audit';

import { eventsOf } from '../history/history-event.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { AdminSite } from '../site/admin-site.js';
import { FormatRegistry } from '../site/format-registry.js';
import { noun } from '../site/labels.js';
import { keySegment, parseAuditKey } from '../site/row-key.js';

/** One thing that the user did. */
export interface RecentAction {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly icon: string;
  readonly text: string;
  readonly url: string | null;
  /** `Changed city`. */
  readonly what: string;
  readonly when: string;
  readonly iso: string;
}

const SHOWN = 10;

/** A save writes one entry for the row and one for each relation to several rows. */
const ENTRIES_PER_SAVE = 3;

const KINDS: Readonly<
  Record<string, { readonly kind: RecentAction['kind']; readonly icon: string; readonly word: string }>
> = {
  add: { kind: 'insert', icon: 'plus', word: 'Added' },
  change: { kind: 'update', icon: 'edit', word: 'Changed' },
  delete: { kind: 'delete', icon: 'trash', word: 'Deleted' },
  link: { kind: 'update', icon: 'edit', word: 'Changed' },
};

/** What the user did last, for the index page. Empty where nothing is audited. */
@Injectable()
export class RecentActions {
  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly formats: FormatRegistry,
    @Optional() @Inject(AuditTrail) private readonly trail: AuditTrail | null,
  ) {}

  /** Null when the application keeps no audit. */
  async of(context: AdminContext): Promise<{ readonly entries: readonly RecentAction[] } | null> {
    if (!this.trail) return null;
    const read = await this.trail.recent({ id: String(context.user.id) }, SHOWN * ENTRIES_PER_SAVE);
    const gone = new Set(read.filter(({ action }) => action === 'delete').map(placeOf));
    const entries = eventsOf(read)
      .slice(0, SHOWN)
      .map(({ entry }) => entry);
    return { entries: await Promise.all(entries.map((entry) => this.view(entry, gone, context))) };
  }

  private async view(entry: AuditEntry, gone: ReadonlySet<string>, context: AdminContext): Promise<RecentAction> {
    const { kind, icon, word } = KINDS[entry.action] ?? { kind: 'update', icon: 'bolt', word: entry.action };
    const descriptor = this.site.findByKey(entry.entity);
    const seen = descriptor && !gone.has(placeOf(entry)) && (await this.access.may(descriptor, 'view', context));
    const key = seen ? parseAuditKey(entry.objectKey, descriptor.entity) : undefined;
    return {
      kind,
      icon,
      text: entry.objectText || entry.objectKey,
      url: descriptor && key !== undefined ? `${descriptor.path}${keySegment(key)}/change/` : null,
      what: `${word} ${noun(descriptor?.label ?? entry.entity)}`,
      when: this.formats.current().dateTime(entry.at),
      iso: entry.at.toISOString(),
    };
  }
}

/** Equal for entries of the same row. */
function placeOf({ entity, objectKey }: AuditEntry): string {
  return `${entity} ${objectKey}`;
}
