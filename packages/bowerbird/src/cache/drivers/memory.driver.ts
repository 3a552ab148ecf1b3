import { type Clock } from '#core';

import { CacheStore, type CacheEntry } from '../cache-store.js';
import { CacheNumberError } from '../cache.errors.js';

interface Kept {
  readonly value: string;
  /** Milliseconds since 1970, or infinity. */
  readonly expiresAt: number;
  readonly bytes: number;
}

/** Values in this process, within bounds: the entry that was used longest ago makes room for a new one. */
export class MemoryCacheStore extends CacheStore {
  readonly shared = false;
  /** In the order of use, oldest first. */
  private readonly entries = new Map<string, Kept>();
  private bytes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly maxEntries: number,
    private readonly maxBytes: number,
  ) {
    super();
  }

  async get(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return keys.map((key) => this.use(key)?.value);
  }

  async set(entries: readonly CacheEntry[]): Promise<void> {
    for (const { key, value, ttl } of entries) this.put(key, value, this.endOf(ttl));
  }

  async add({ key, value, ttl }: CacheEntry): Promise<boolean> {
    if (this.use(key)) return false;
    this.put(key, value, this.endOf(ttl));
    return true;
  }

  async replace({ key, value, ttl }: CacheEntry, expected: string): Promise<boolean> {
    if (this.use(key)?.value !== expected) return false;
    this.put(key, value, this.endOf(ttl));
    return true;
  }

  async increment(key: string, by: number, ttl: number | null): Promise<number> {
    const kept = this.use(key);
    const sum = wholeNumber(key, kept?.value ?? '0') + by;
    if (!Number.isSafeInteger(sum)) throw new CacheNumberError(key, `the sum ${sum} is not exact`);
    this.put(key, String(sum), kept?.expiresAt ?? this.endOf(ttl));
    return sum;
  }

  async touch(key: string, ttl: number | null): Promise<boolean> {
    const kept = this.use(key);
    if (kept) this.put(key, kept.value, this.endOf(ttl));
    return kept !== undefined;
  }

  async delete(keys: readonly string[]): Promise<number> {
    const there = keys.filter((key) => {
      const live = this.use(key) !== undefined;
      this.drop(key);
      return live;
    });
    return there.length;
  }

  async clear(prefix: string): Promise<void> {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.drop(key);
  }

  /** The living entry of a key, which becomes the one used last. */
  private use(key: string): Kept | undefined {
    const kept = this.entries.get(key);
    if (!kept || kept.expiresAt <= this.now()) {
      this.drop(key);
      return undefined;
    }
    this.entries.delete(key);
    this.entries.set(key, kept);
    return kept;
  }

  private put(key: string, value: string, expiresAt: number): void {
    this.drop(key);
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
    if (bytes > this.maxBytes) return;
    this.entries.set(key, { value, expiresAt, bytes });
    this.bytes += bytes;
    while (this.entries.size > this.maxEntries || this.bytes > this.maxBytes)
      this.drop(this.entries.keys().next().value!);
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }

  private endOf(ttl: number | null): number {
    return ttl === null ? Infinity : this.now() + ttl;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function wholeNumber(key: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new CacheNumberError(key, 'its value is no whole number');
}
