import { Injectable, Optional } from '@nestjs/common';

import { Cache } from '#cache';
import { Clock, Signer } from '#core';

import { ThrottleCacheError } from '../security.errors.js';
import { type Counted, type Counting, type CountState, type Outcome } from './counting.js';

/** One count: a limit of a route, for one client. */
export interface Count {
  readonly counting: Counting;
  /** What shares the count, and for whom; never stored as it is. */
  readonly group: string;
  readonly subject: string;
}

const SALT = 'security.throttle';

/**
 * Counts requests in the cache. A count changes in one step, so that requests at the same time cannot pass a limit
 * together; what is refused is not counted, by any limit.
 */
@Injectable()
export class Throttler {
  constructor(
    private readonly clock: Clock,
    private readonly signer: Signer,
    @Optional() private readonly cache?: Cache,
  ) {}

  /** Asks all limits, in their order, and counts where all of them agree. @throws ThrottleCacheError, CacheBusyError */
  async take(counts: readonly Count[]): Promise<readonly Outcome[]> {
    if (counts.length > 1) {
      const seen = await this.look(counts);
      if (seen.some(({ allowed }) => !allowed)) return seen;
    }
    const outcomes: Outcome[] = [];
    for (const count of counts) {
      const outcome = await this.count(count);
      outcomes.push(outcome);
      if (outcome.allowed) continue;
      await this.takeBack(counts.slice(0, outcomes.length - 1));
      break;
    }
    return outcomes;
  }

  /** What the limits would say, without counting. */
  private async look(counts: readonly Count[]): Promise<readonly Outcome[]> {
    const keys = counts.map((count) => this.keyOf(count));
    const states = await this.required.getMany<CountState>(keys);
    return counts.map(({ counting }, index) => {
      const seen = counting.count(states.get(keys[index]!), this.now());
      // Not counted, so that what it would take is still there.
      return seen.allowed ? { ...seen, remaining: seen.remaining + 1 } : seen;
    });
  }

  private async count(count: Count): Promise<Outcome> {
    const { counting } = count;
    let counted: Counted | undefined;
    await this.required.update<CountState>(
      this.keyOf(count),
      (state) => {
        counted = counting.count(state, this.now());
        return counted.state;
      },
      { ttl: `${counting.window}ms` },
    );
    return counted!;
  }

  private async takeBack(counts: readonly Count[]): Promise<void> {
    for (const count of counts)
      await this.required.update<CountState>(this.keyOf(count), (state) => state && count.counting.takeBack(state), {
        ttl: `${count.counting.window}ms`,
      });
  }

  /** Neither addresses nor names of accounts can be read from a key, or found out by trying. */
  private keyOf({ group, subject }: Count): string {
    return `throttle:${this.signer.signature(SALT, JSON.stringify([group, subject]))}`;
  }

  private get required(): Cache {
    if (!this.cache) throw new ThrottleCacheError();
    return this.cache;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
