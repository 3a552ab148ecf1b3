import { Injectable } from '@nestjs/common';

import { Turns, type Duration } from '#core';

import { CacheStore, type CacheEntry } from './cache-store.js';
import { decodeValue, encodeValue, storeKey, ttlMs } from './cache-values.js';
import { CacheBusyError, CacheNumberError } from './cache.errors.js';
import { CacheConfig } from './cache.options.js';

/** Which version of a key is meant. */
export interface CacheVersion {
  /** Default: `settings.cache.version`. */
  readonly version?: number;
}

/** How a value is kept. */
export interface CacheWrite extends CacheVersion {
  /** How long; null for as long as there is room. Default: `settings.cache.ttl`. */
  readonly ttl?: Duration | null;
}

/** How often a change is tried while other processes change the same key. */
const MOST_ATTEMPTS = 100;

/**
 * Keeps values for a while. They go in and come out as copies: whoever changes one changes nothing in the cache. A value
 * is anything that JSON holds; undefined means that nothing is there, null is a value.
 */
@Injectable()
export class Cache {
  private readonly turns = new Turns();
  /** Values that are being read or made, by key of the store. */
  private readonly coming = new Map<string, Promise<string>>();

  constructor(
    private readonly config: CacheConfig,
    private readonly store: CacheStore,
  ) {}

  /** The value of a key, or undefined. */
  async get<T>(key: string, options?: CacheVersion): Promise<T | undefined> {
    const [text] = await this.store.get([this.keyOf(key, options)]);
    return decodeValue<T>(text);
  }

  /** The values of several keys, by key; a key that has none is left out. */
  async getMany<T>(keys: readonly string[], options?: CacheVersion): Promise<ReadonlyMap<string, T>> {
    const texts = await this.store.get(keys.map((key) => this.keyOf(key, options)));
    return new Map(
      keys.flatMap((key, index) => {
        const value = decodeValue<T>(texts[index]);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  }

  /** Whether a key has a value. */
  async has(key: string, options?: CacheVersion): Promise<boolean> {
    const [text] = await this.store.get([this.keyOf(key, options)]);
    return text !== undefined;
  }

  /** Keeps a value. @throws CacheValueError, CacheTtlError */
  async set(key: string, value: unknown, options?: CacheWrite): Promise<void> {
    await this.store.set([this.entryOf(key, value, options)]);
  }

  /** Keeps several values. @throws CacheValueError, CacheTtlError */
  async setMany(values: Readonly<Record<string, unknown>>, options?: CacheWrite): Promise<void> {
    await this.store.set(Object.entries(values).map(([key, value]) => this.entryOf(key, value, options)));
  }

  /** Keeps a value unless the key has one; tells whether it did. Of many at the same time one wins. */
  async add(key: string, value: unknown, options?: CacheWrite): Promise<boolean> {
    return this.store.add(this.entryOf(key, value, options));
  }

  /**
   * The value of a key; where there is none, it is made and kept. Callers of this process that miss at the same time wait
   * for one making. What `make` throws goes to all of them, and nothing is kept.
   */
  async getOrSet<T>(key: string, make: () => T | Promise<T>, options?: CacheWrite): Promise<T> {
    const full = this.keyOf(key, options);
    const text = await (this.coming.get(full) ??
      this.obtain(full, async () => this.entryOf(key, await make(), options)));
    return decodeValue<T>(text)!;
  }

  /**
   * Changes the value of a key in one step that nobody comes between: `change` gets the value, or undefined, and answers
   * the next one, or undefined to leave it. It may be asked several times, so it must do nothing else.
   * @returns the value that is there now @throws CacheBusyError
   */
  async update<T>(
    key: string,
    change: (value: T | undefined) => T | undefined,
    options?: CacheWrite,
  ): Promise<T | undefined> {
    const full = this.keyOf(key, options);
    const text = await this.turns.take(full, () =>
      this.changeText(full, (before) => {
        const next = change(decodeValue<T>(before));
        return next === undefined ? undefined : this.entryOf(key, next, options);
      }),
    );
    return decodeValue<T>(text);
  }

  /**
   * Adds to a number and answers the sum. A key without a value begins at 0 and gets the time to live; one that has a
   * value keeps its own. @throws CacheNumberError
   */
  async increment(key: string, by = 1, options?: CacheWrite): Promise<number> {
    if (!Number.isSafeInteger(by)) throw new CacheNumberError(key, `${by} is no whole number`);
    return this.store.increment(this.keyOf(key, options), by, ttlMs(this.config, options?.ttl));
  }

  /** Takes from a number, as {@link increment} adds. @throws CacheNumberError */
  decrement(key: string, by = 1, options?: CacheWrite): Promise<number> {
    return this.increment(key, -by, options);
  }

  /** Lets a value live on, from now; tells whether there is one. */
  async touch(key: string, options?: CacheWrite): Promise<boolean> {
    return this.store.touch(this.keyOf(key, options), ttlMs(this.config, options?.ttl));
  }

  /** Forgets a key; tells whether it had a value. */
  async delete(key: string, options?: CacheVersion): Promise<boolean> {
    return (await this.deleteMany([key], options)) === 1;
  }

  /** Forgets keys and answers how many of them had values. */
  async deleteMany(keys: readonly string[], options?: CacheVersion): Promise<number> {
    return this.store.delete(keys.map((key) => this.keyOf(key, options)));
  }

  /** Forgets everything under the application's prefix, in every version; limits of requests begin anew. */
  clear(): Promise<void> {
    return this.store.clear(`${this.config.prefix}:`);
  }

  /** Reads the text of a key, or makes its entry and keeps it, for all who ask meanwhile. */
  private obtain(full: string, make: () => Promise<CacheEntry>): Promise<string> {
    const text = this.readOrMake(full, make).finally(() => this.coming.delete(full));
    this.coming.set(full, text);
    return text;
  }

  private async readOrMake(full: string, make: () => Promise<CacheEntry>): Promise<string> {
    const [text] = await this.store.get([full]);
    if (text !== undefined) return text;
    const entry = await make();
    if (await this.store.add(entry)) return entry.value;
    // Somebody was faster; what they kept is what everybody else sees.
    const [kept] = await this.store.get([full]);
    return kept ?? entry.value;
  }

  /** Tries until nobody else has changed the key between reading and writing; answers the text that is there then. */
  private async changeText(
    full: string,
    change: (before: string | undefined) => CacheEntry | undefined,
  ): Promise<string | undefined> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const [before] = await this.store.get([full]);
      const entry = change(before);
      if (entry === undefined) return before;
      if (await this.swap(entry, before)) return entry.value;
    }
    throw new CacheBusyError(full, MOST_ATTEMPTS);
  }

  private swap(entry: CacheEntry, before: string | undefined): Promise<boolean> {
    return before === undefined ? this.store.add(entry) : this.store.replace(entry, before);
  }

  private entryOf(key: string, value: unknown, options: CacheWrite = {}): CacheEntry {
    return {
      key: this.keyOf(key, options),
      value: encodeValue(key, value),
      ttl: ttlMs(this.config, options.ttl),
    };
  }

  private keyOf(key: string, options?: CacheVersion): string {
    return storeKey(this.config, key, options?.version);
  }
}
