import { jsonMisfit, parseDuration, sha256, type Duration } from '#core';

import { CacheKeyError, CacheTtlError, CacheValueError } from './cache.errors.js';
import { type CacheConfig } from './cache.options.js';

/** Longest key that stores have to take, in characters. */
const LONGEST_KEY = 250;

/**
 * A key as the store sees it: behind the prefix and the version, so that neither applications nor versions meet. A long
 * one is replaced by its digest. @throws CacheKeyError
 */
export function storeKey(config: CacheConfig, key: string, version = config.version): string {
  if (typeof key !== 'string' || key === '') throw new CacheKeyError(key);
  const whole = `${config.prefix}:${version}:${key}`;
  return whole.length > LONGEST_KEY ? `${config.prefix}:${version}#${sha256(key)}` : whole;
}

/** A value as JSON text. @throws CacheValueError */
export function encodeValue(key: string, value: unknown): string {
  const misfit = jsonMisfit(value, 'value');
  if (misfit) throw new CacheValueError(key, misfit.path, misfit.found);
  return JSON.stringify(value);
}

/** A fresh copy of what was encoded; undefined for nothing. */
export function decodeValue<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** Milliseconds; null for no end. @throws CacheTtlError */
export function ttlMs(config: CacheConfig, ttl: Duration | null | undefined): number | null {
  if (ttl === undefined) return config.ttl;
  if (ttl === null) return null;
  const length = parseDuration(ttl);
  if (length === undefined || length < 1) throw new CacheTtlError(ttl);
  return length;
}
