import { Injectable } from '@nestjs/common';

import { Clock, Signer, Turns } from '#core';
import { clientNetwork } from '#http';
import { Database } from '#orm';

import { LoginThrottledError } from '../auth.errors.js';
import { AuthConfig, type ThrottleLimit } from '../auth.options.js';
import { normalizeEmail } from '../users/email-address.js';
import { LoginAttempt } from './login-attempt.entity.js';

/** Whose attempt it is. */
export interface Attempt {
  /** What was typed as the account's name, known or not. */
  readonly account: string;
  /** The client's address, or nothing where there is no client, as in commands. */
  readonly ip?: string;
}

interface AttemptKeys {
  readonly account: string;
  readonly address: string;
}

const ACCOUNT_SALT = 'auth.throttle.account';
/** Expired rows that one failed login removes at most. */
const PRUNE_BATCH = 200;

/**
 * Refuses logins after too many failures of one account or from one network. The failures are rows in the database,
 * so all processes count together. In one process the tries on an account take turns, so parallel tries cannot
 * pass the limit before the first failures are counted.
 */
@Injectable()
export class LoginThrottle {
  private readonly turns = new Turns();

  constructor(
    private readonly config: AuthConfig,
    private readonly database: Database,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs a try to prove who somebody is; `work` answers with the proof or null. A failure counts, a success clears the
   * failures of its account. The limits are asked again when the work is done: while it waited for its turn, others may
   * have used up the last allowed failure, and then a right guess must look like a wrong one.
   * @throws LoginThrottledError instead of running it, or whatever its outcome was
   */
  async guard<T>(attempt: Attempt, work: () => Promise<T | null>): Promise<T | null> {
    if (!this.config.throttle) return work();
    const keys = this.keysOf(attempt);
    return this.turns.take(keys.account, async () => {
      await this.refuseIfBlocked(keys);
      const proof = await work();
      await this.refuseIfBlocked(keys);
      if (proof === null) await this.count(keys);
      else await this.attempts().filter({ account: keys.account }).delete();
      return proof;
    });
  }

  /** Removes failures that no longer count; a batch of rows at a time. Returns how many went. */
  async prune(limit = PRUNE_BATCH): Promise<number> {
    const { throttle } = this.config;
    const window = throttle ? Math.max(throttle.account.window, throttle.address.window) : 0;
    const old = this.attempts().filter({ failedAt__lte: this.before(window) });
    const ids = await old.orderBy('failedAt').slice(0, limit).flat('id').all();
    return ids.length === 0 ? 0 : this.attempts().filter({ id__in: ids }).delete();
  }

  private async refuseIfBlocked(keys: AttemptKeys): Promise<void> {
    const { account, address } = this.config.throttle!;
    const waits = [
      await this.wait({ account: keys.account }, account),
      keys.address === '' ? 0 : await this.wait({ address: keys.address }, address),
    ];
    const longest = Math.max(...waits);
    if (longest > 0) throw new LoginThrottledError(Math.ceil(longest / 1000));
  }

  /** Milliseconds until fewer than the allowed failures are inside the window; 0 when that is so already. */
  private async wait(key: Partial<AttemptKeys>, { failures, window }: ThrottleLimit): Promise<number> {
    const inside = this.attempts().filter({ ...key, failedAt__gt: this.before(window) });
    const newest = inside.orderBy('-failedAt', '-id').flat('failedAt');
    const decisive = await newest.slice(failures - 1, 1).first();
    return decisive === null ? 0 : Number(decisive) + window - this.now();
  }

  private async count(keys: AttemptKeys): Promise<void> {
    await this.database.save(Object.assign(new LoginAttempt(), keys, { failedAt: String(this.now()) }));
    await this.prune();
  }

  private keysOf({ account, ip }: Attempt): AttemptKeys {
    return {
      account: this.signer.signature(ACCOUNT_SALT, normalizeEmail(account)),
      address: ip === undefined ? '' : clientNetwork(ip),
    };
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  /** The moment at which a window of this length begins, as it is stored. */
  private before(window: number): string {
    return String(this.now() - window);
  }

  private attempts() {
    return this.database.objects(LoginAttempt);
  }
}
