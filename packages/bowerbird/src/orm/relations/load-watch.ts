import { Logger } from '@nestjs/common';

import { currentContext, type Context } from '#core';

/** Loads of the same relation from the same place, each for one row alone, that are reported. */
const SUSPICIOUS = 5;
/** Stack frames looked through for the first one outside of the framework. */
const FRAMES = 30;
const INSIDE = /node:|node_modules|\/bowerbird\/(src|dist)\//;

/**
 * Notices work that loads one row after another and then a relation of each: rows that came by one query are loaded
 * together, those that came one by one are not. Each place is reported once.
 */
export class LoadWatch {
  private readonly logger = new Logger('bowerbird.orm');
  private readonly reported = new Set<string>();
  private readonly counts = new WeakMap<Context, Map<string, number>>();

  constructor(private readonly enabled: () => boolean) {}

  /** Takes note of a relation that is loaded for a row alone. Called while the caller is still on the stack. */
  note(entity: string, path: string): void {
    const context = this.enabled() ? currentContext() : undefined;
    const place = context && callerPlace();
    if (!place || this.reported.has(place)) return;
    const counts = this.counts.get(context) ?? new Map<string, number>();
    this.counts.set(context, counts);
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    if (count < SUSPICIOUS) return;
    this.reported.add(place);
    this.logger.warn(
      `"${path}" of ${entity} was loaded ${count} times for one row each ${place}. ` +
        `Load the rows by one query, or add selectRelated('${path}') or prefetchRelated('${path}') to theirs`,
    );
  }
}

/** The line of the application that the work began at, as a stack trace writes it. */
function callerPlace(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('place');
  Error.stackTraceLimit = stackTraceLimit;
  return stack
    .split('\n')
    .slice(1)
    .find((line) => !INSIDE.test(line))
    ?.trim();
}
