import { ModelViewSet, ViewSet } from 'bowerbird/api';
import { type HttpRequest } from 'bowerbird/http';
import { type QuerySet } from 'bowerbird/orm';

import { Entry } from './entry.entity.js';

/** `/api/entries`: what visitors see, as JSON. */
@ViewSet(Entry, {
  path: 'entries',
  fields: ['id', 'name', 'message', 'photo', 'writtenAt'],
  actions: ['list', 'retrieve'],
  filters: ['writtenAt'],
  search: ['name', 'message'],
  ordering: ['writtenAt'],
  access: 'public',
})
export class EntryViewSet extends ModelViewSet<Entry> {
  /** Entries that wait or are hidden do not exist here. */
  override scope(_request: HttpRequest, rows: QuerySet<Entry>): QuerySet<Entry> {
    return rows.filter({ shown: true });
  }
}
