import { type Clock } from '#core';

import { SessionStore, type SessionContent, type SessionUpdate, type StoredSession } from '../session-store.js';

const DEFAULT_LIMIT = 10_000;

/** Sessions in this process, at most `limit` of them; the one used longest ago makes room for a new one. */
export class MemorySessionStore extends SessionStore {
  /** In the order of use, oldest first. */
  private readonly sessions = new Map<string, StoredSession>();

  constructor(
    private readonly clock: Clock,
    private readonly limit: number = DEFAULT_LIMIT,
  ) {
    super();
  }

  async read(key: string): Promise<StoredSession | undefined> {
    const session = this.live(key);
    if (session) this.put(key, session);
    return session;
  }

  async create(key: string, content: SessionContent): Promise<void> {
    this.put(key, { ...content, revision: 1 });
    if (this.sessions.size > this.limit) this.sessions.delete(this.sessions.keys().next().value!);
  }

  async update(key: string, content: SessionContent, revision: number): Promise<SessionUpdate> {
    const session = this.live(key);
    if (!session) return 'gone';
    if (session.revision !== revision) return 'stale';
    this.put(key, { ...content, revision: revision + 1 });
    return 'saved';
  }

  async touch(key: string, expiresAt: Date): Promise<void> {
    const session = this.live(key);
    if (session) this.put(key, { ...session, expiresAt });
  }

  async destroy(key: string): Promise<void> {
    this.sessions.delete(key);
  }

  async clearExpired(limit: number): Promise<number> {
    const expired = [...this.sessions.keys()].filter((key) => !this.live(key)).slice(0, limit);
    for (const key of expired) this.sessions.delete(key);
    return expired.length;
  }

  private live(key: string): StoredSession | undefined {
    const session = this.sessions.get(key);
    return session && session.expiresAt > this.clock.now() ? session : undefined;
  }

  private put(key: string, session: StoredSession): void {
    this.sessions.delete(key);
    this.sessions.set(key, session);
  }
}
