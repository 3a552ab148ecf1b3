export { CacheChecks } from './cache.checks.js';
export {
  CacheBusyError,
  CacheKeyError,
  CacheNumberError,
  CacheOptionError,
  CacheTtlError,
  CacheValueError,
} from './cache.errors.js';
export { CacheModule } from './cache.module.js';
export { CacheConfig, type CacheOptions, resolveCache } from './cache.options.js';
export { Cache, type CacheVersion, type CacheWrite } from './cache.service.js';
export { type CacheDriver, cacheDrivers, type CacheDriverParts, type MemoryCacheOptions } from './cache-driver.js';
export { type CacheEntry, CacheStore } from './cache-store.js';
