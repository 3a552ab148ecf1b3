/** What is put into a store. */
export interface CacheEntry {
  /** At most 250 characters, of any kind. */
  readonly key: string;
  /** JSON text. */
  readonly value: string;
  /** Milliseconds until the entry is gone, at least 1; null keeps it until the store needs the room. */
  readonly ttl: number | null;
}

/**
 * Where cached values are kept. A store may forget any entry at any time, and never gives one back whose time is over.
 * Each verb is atomic by itself, for all processes that share the store. One that holds connections closes them in Nest's
 * `onModuleDestroy()`. Every implementation passes the contract `cache-store.contract.ts` of `bowerbird/testing`.
 */
export abstract class CacheStore {
  /** Whether all processes of the application see the same entries. */
  abstract readonly shared: boolean;

  /** The values of these keys, in their order; undefined where nothing is kept. */
  abstract get(keys: readonly string[]): Promise<readonly (string | undefined)[]>;

  /** Keeps entries, over those that are there. */
  abstract set(entries: readonly CacheEntry[]): Promise<void>;

  /** Keeps an entry unless there is one of its key; tells whether it did. */
  abstract add(entry: CacheEntry): Promise<boolean>;

  /** Keeps an entry in the place of one whose value is exactly the expected text; tells whether it did. */
  abstract replace(entry: CacheEntry, expected: string): Promise<boolean>;

  /**
   * Adds to the whole number of a key and answers the sum. A key that is not there begins at 0 and gets the time to live;
   * one that is there keeps its own. @throws CacheNumberError where the value is no whole number, or the sum is not exact
   */
  abstract increment(key: string, by: number, ttl: number | null): Promise<number>;

  /** Gives an entry another time to live; tells whether there is such an entry. */
  abstract touch(key: string, ttl: number | null): Promise<boolean>;

  /** Forgets keys and answers how many of them were there. */
  abstract delete(keys: readonly string[]): Promise<number>;

  /** Forgets every key that begins with the prefix. */
  abstract clear(prefix: string): Promise<void>;
}
