import { OptionReader, type Duration, type SettingsProblems } from '#core';

import { cacheDrivers, type CacheDriver } from './cache-driver.js';

/** What users write in `settings.cache`. */
export interface CacheOptions {
  /** Where values are kept. Default `cacheDrivers.memory()`. */
  readonly driver?: CacheDriver;
  /** Stands before every key, so that applications can share a store. Default none. */
  readonly prefix?: string;
  /** Part of every key; a higher one leaves all earlier values behind. Default 1. */
  readonly version?: number;
  /** How long a value is kept where nothing else is said; null for as long as there is room. Default `5m`. */
  readonly ttl?: Duration | null;
}

/** The resolved settings of the cache. */
export class CacheConfig {
  constructor(
    readonly driver: CacheDriver,
    readonly prefix: string,
    readonly version: number,
    /** Milliseconds; null for no end. */
    readonly ttl: number | null,
  ) {}
}

/** Resolves `settings.cache`. */
export function resolveCache(options: CacheOptions | undefined, problems: SettingsProblems): CacheConfig {
  const reader = new OptionReader<CacheOptions>('settings.cache', options, problems);
  const config = new CacheConfig(
    readDriver(reader),
    reader.string('prefix', '', { pattern: /^[\w.-]{0,50}$/, expected: 'at most 50 letters, digits, _ . and -' }),
    reader.number('version', 1, { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true }),
    reader.raw('ttl') === null ? null : reader.duration('ttl', '5m', { min: '1ms' }),
  );
  reader.finish();
  return config;
}

function readDriver(reader: OptionReader<CacheOptions>): CacheDriver {
  const driver: unknown = reader.raw('driver');
  if (driver === undefined) return cacheDrivers.memory();
  const valid = typeof driver === 'object' && driver !== null && 'create' in driver;
  if (valid) return driver as CacheDriver;
  const hint = 'Write cacheDrivers.memory()';
  return reader.fail('cache.E001', 'driver', driver, 'a cache driver', hint, cacheDrivers.memory());
}
