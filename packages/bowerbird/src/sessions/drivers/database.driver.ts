import { type Clock } from '#core';
import { Databases, type Database } from '#orm';

import { type DatabaseSessionOptions, type SessionDriverParts } from '../session-driver.js';
import { SessionRecord } from '../session-record.entity.js';
import { SessionStore, type SessionContent, type SessionUpdate, type StoredSession } from '../session-store.js';

/** Keys in one list; SQLite takes fewer than 32,767 values in a statement. */
const LONGEST_LIST = 10_000;

/** Builds the store on the database that the options name. */
export function createDatabaseStore(
  { clock, get }: SessionDriverParts,
  { database = 'default' }: DatabaseSessionOptions,
): SessionStore {
  return new DatabaseSessionStore(get(Databases).get(database), clock);
}

/** Sessions as rows of {@link SessionRecord}. Each operation is one statement, `update` two when it fails. */
class DatabaseSessionStore extends SessionStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async read(key: string): Promise<StoredSession | undefined> {
    // A replica may not know yet that somebody has logged in or out a moment ago.
    const row = await this.database.onPrimary(() => this.rows().filter({ key }).first());
    if (!row || row.expiresAt <= this.clock.now()) return undefined;
    return { values: row.values, expiresAt: row.expiresAt, revision: row.revision };
  }

  async create(key: string, content: SessionContent): Promise<void> {
    const { database } = this;
    const insert = () => database.dataSource.manager.insert(SessionRecord, { key, ...content, revision: 1 });
    await database.withoutSticking(() => database.mapped(insert));
  }

  async update(key: string, content: SessionContent, revision: number): Promise<SessionUpdate> {
    const rows = this.live(key).filter({ revision });
    const changed = await this.database.withoutSticking(() => rows.update({ ...content, revision: revision + 1 }));
    if (changed > 0) return 'saved';
    return (await this.database.onPrimary(() => this.live(key).exists())) ? 'stale' : 'gone';
  }

  async touch(key: string, expiresAt: Date): Promise<void> {
    await this.database.withoutSticking(() => this.live(key).update({ expiresAt }));
  }

  async destroy(key: string): Promise<void> {
    await this.database.withoutSticking(() => this.rows().filter({ key }).delete());
  }

  async clearExpired(limit: number): Promise<number> {
    const expired = await this.rows()
      .filter({ expiresAt__lte: this.clock.now() })
      .orderBy('expiresAt')
      .slice(0, Math.min(limit, LONGEST_LIST))
      .values('key')
      .all();
    if (expired.length === 0) return 0;
    return this.rows()
      .filter({ key__in: expired.map(({ key }) => key) })
      .delete();
  }

  private rows() {
    return this.database.objects(SessionRecord);
  }

  private live(key: string) {
    return this.rows().filter({ key, expiresAt__gt: this.clock.now() });
  }
}
