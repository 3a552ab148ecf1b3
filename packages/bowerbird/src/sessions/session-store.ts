/** What a store keeps of one session. */
export interface StoredSession {
  /** The session's values as JSON text, at least `{}`. */
  readonly values: string;
  /** From this moment on the session counts as absent. */
  readonly expiresAt: Date;
  /** Grows by one with each update; two requests that change one session find out about each other by it. */
  readonly revision: number;
}

/** The part of a session that a caller decides. */
export type SessionContent = Pick<StoredSession, 'values' | 'expiresAt'>;

/** How an update ended: `stale` when somebody else saved in between, `gone` when there is no such session any more. */
export type SessionUpdate = 'saved' | 'stale' | 'gone';

/**
 * Where sessions are kept. A store never sees a session's id, which is as good as a password: it gets the digest of the
 * id as its key. Every implementation passes the contract `session-store.contract.ts` of `bowerbird/testing`.
 */
export abstract class SessionStore {
  /** The session of this key, or undefined when there is none or it has expired. */
  abstract read(key: string): Promise<StoredSession | undefined>;

  /** Keeps a new session, at revision 1. */
  abstract create(key: string, content: SessionContent): Promise<void>;

  /** Replaces a session that still exists at this revision. Never creates one: what was destroyed stays destroyed. */
  abstract update(key: string, content: SessionContent, revision: number): Promise<SessionUpdate>;

  /** Moves the expiry of a session that still exists, leaving its values and its revision alone. */
  abstract touch(key: string, expiresAt: Date): Promise<void>;

  /** Forgets a session; one that does not exist is no error. */
  abstract destroy(key: string): Promise<void>;

  /** Removes at most `limit` expired sessions and answers how many it removed. */
  abstract clearExpired(limit: number): Promise<number>;
}
