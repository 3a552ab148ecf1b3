import { type OptionReader } from '#core';

import { Limit } from './limit.js';

/** Limits of requests. */
export interface ThrottleOptions {
  /** Limits of every route that has none of its own; all these routes share one count. Default none. */
  readonly default?: readonly Limit[];
}

/** Resolved {@link ThrottleOptions}. */
export interface ThrottleConfig {
  readonly enabled: boolean;
  readonly defaults: readonly Limit[];
}

/** Nothing is limited, whatever decorators say. */
export const NO_THROTTLE: ThrottleConfig = { enabled: false, defaults: [] };

/** Name of the count that routes under the default limits share. */
const SCOPE = 'default';

/** Resolves `settings.security.throttle`. */
export function readThrottle(reader: OptionReader<ThrottleOptions>): ThrottleConfig {
  const given: unknown = reader.raw('default') ?? [];
  const valid = Array.isArray(given) && given.every((limit) => limit instanceof Limit);
  const hint = "Write default: [rate('1000/h')]";
  const limits = valid
    ? (given as readonly Limit[])
    : reader.fail('security.E004', 'default', given, 'a list of limits', hint, []);
  reader.finish();
  return { enabled: true, defaults: limits.map((limit) => limit.within(SCOPE)) };
}
