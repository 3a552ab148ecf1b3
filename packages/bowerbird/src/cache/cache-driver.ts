import { type AnyClass, type Clock } from '#core';

import { type CacheStore } from './cache-store.js';
import { CacheOptionError } from './cache.errors.js';

/** What a driver may use to build its store. */
export interface CacheDriverParts {
  readonly clock: Clock;
  /** A provider of the application that the driver has listed in `needs`. */
  get<T extends object>(token: AnyClass<T>): T;
}

/** A kind of cache store, chosen by value: `cache: { driver: cacheDrivers.memory() }`. */
export interface CacheDriver {
  /** For messages. */
  readonly name: string;
  /** Providers of the application that must be built before the store. */
  readonly needs?: readonly AnyClass[];
  create(parts: CacheDriverParts): Promise<CacheStore>;
}

/** Bounds of the store in memory. The entry that was used longest ago makes room. */
export interface MemoryCacheOptions {
  /** Most entries. Default 10,000. */
  readonly maxEntries?: number;
  /** Most bytes of all keys and values as UTF-8. Default 64 MiB. A larger value is not kept at all. */
  readonly maxBytes?: number;
}

const ENTRIES = 10_000;
const BYTES = 64 * 1024 * 1024;

/** The cache stores that come with the framework. */
export const cacheDrivers = {
  /** Values in this process alone, lost when it ends. The default. @throws CacheOptionError */
  memory: (options: MemoryCacheOptions = {}): CacheDriver => {
    const maxEntries = positive('maxEntries', options.maxEntries ?? ENTRIES);
    const maxBytes = positive('maxBytes', options.maxBytes ?? BYTES);
    return {
      name: 'memory',
      create: async ({ clock }) => {
        const { MemoryCacheStore } = await import('./drivers/memory.driver.js');
        return new MemoryCacheStore(clock, maxEntries, maxBytes);
      },
    };
  },
} as const;

function positive(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new CacheOptionError(`cacheDrivers.memory({ ${option} })`, value, 'a whole number above 0');
}
