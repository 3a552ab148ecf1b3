import { type Duration, type OptionReader } from '#core';

/** How answers to requests with an `Idempotency-Key` are kept. */
export interface IdempotencyOptions {
  /** How long a repetition gets the first answer; `24h`. */
  readonly lifetime?: Duration;
}

/** The same with all defaults. */
export interface IdempotencyConfig {
  /** Milliseconds. */
  readonly lifetime: number;
}

/** Null where keys are ignored. */
export function readIdempotency(
  read: OptionReader<{ readonly idempotency?: IdempotencyOptions | false }>,
): IdempotencyConfig | null {
  if (read.raw('idempotency') === false) return null;
  const options = read.nested<IdempotencyOptions>('idempotency');
  const lifetime = options.duration('lifetime', '24h', { min: '1m', max: '30d' });
  options.finish();
  return Object.freeze({ lifetime });
}
