import { Action, AdminFor, ModelAdmin, type ActionContext } from 'bowerbird/admin';
import { type QuerySet } from 'bowerbird/orm';

import { Entry } from './entry.entity.js';

/** Entries wait here until somebody has read them. */
@AdminFor(Entry, {
  list: ['name', 'message', 'shown', 'writtenAt'],
  search: ['name', 'message'],
  filters: ['shown', 'writtenAt'],
  readOnly: ['writtenAt'],
})
export class EntryAdmin extends ModelAdmin<Entry> {
  @Action({ label: 'Show to visitors' })
  async show(entries: QuerySet<Entry>, { count }: ActionContext): Promise<string> {
    await entries.update({ shown: true });
    return `Visitors see ${inWords(count)} now.`;
  }

  @Action({ label: 'Hide', confirm: 'Hide these entries from visitors?' })
  async hide(entries: QuerySet<Entry>, { count }: ActionContext): Promise<string> {
    await entries.update({ shown: false });
    return `Visitors no longer see ${inWords(count)}.`;
  }
}

function inWords(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
