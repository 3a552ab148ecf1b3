import { FrameworkError, showValue } from '#core';

/** A value that JSON cannot hold was put into the cache. */
export class CacheValueError extends FrameworkError {
  readonly code = 'cache.value';

  constructor(key: string, path: string, found: string) {
    super(`The value "${path}" for the cache key "${key}" is ${found}; a cache holds JSON only`, {
      hint: 'Cache plain values: a date as its ISO text, an entity as the fields that are needed, null for nothing',
    });
  }
}

/** A key that is no text, or an empty one. */
export class CacheKeyError extends FrameworkError {
  readonly code = 'cache.key';

  constructor(key: unknown) {
    super(`${showValue(key)} is no cache key`, { hint: 'Use a text that is not empty' });
  }
}

/** Something that is no whole number was to be counted up or down. */
export class CacheNumberError extends FrameworkError {
  readonly code = 'cache.number';

  constructor(key: string, found: string) {
    super(`The cache key "${key}" cannot be counted: ${found}`, {
      hint: 'Count keys that hold whole numbers between -9007199254740991 and 9007199254740991',
    });
  }
}

/** A time to live that keeps nothing, or that is none. */
export class CacheTtlError extends FrameworkError {
  readonly code = 'cache.ttl';

  constructor(ttl: unknown) {
    super(`${showValue(ttl)} is no time to live`, {
      hint: 'Write a duration such as "30s" or "15m", or null to keep the value until the room is needed',
    });
  }
}

/** Others kept changing a key while it was to be changed here. */
export class CacheBusyError extends FrameworkError {
  readonly code = 'cache.busy';
  override readonly status = 503;

  constructor(key: string, attempts: number) {
    super(`The cache key "${key}" was changed by others ${attempts} times while it was to be changed here`, {
      hint: 'Use more than one key, or increment() where a number is counted',
    });
  }
}

/** A driver was made with an option that makes no sense. */
export class CacheOptionError extends FrameworkError {
  readonly code = 'cache.option';

  constructor(option: string, value: unknown, expected: string) {
    super(`${option} is ${showValue(value)} and should be ${expected}`, { hint: `Change ${option}` });
  }
}
