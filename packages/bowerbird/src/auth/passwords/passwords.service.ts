import { Injectable, Logger } from '@nestjs/common';

import { randomToken } from '#core';

import { PasswordTooWeakError } from '../auth.errors.js';
import { AuthConfig } from '../auth.options.js';
import { algorithmOf, type PasswordHasher } from './password-hasher.js';
import { type PasswordOwner } from './password-rule.js';
import { WorkQueue } from './work-queue.js';

/** Starts the encoded form of a password that nobody has; random text follows, so that no two are equal. */
const UNUSABLE = '!';

/** What verifying a password showed. */
export interface PasswordVerdict {
  readonly matches: boolean;
  /** The password matched, and its encoded form should be made anew: other algorithm or parameters than configured. */
  readonly outdated: boolean;
}

/** Hashes, verifies and judges passwords with what `settings.auth` configures. */
@Injectable()
export class Passwords {
  private readonly logger = new Logger('bowerbird.auth');
  private readonly queue: WorkQueue;

  constructor(private readonly config: AuthConfig) {
    this.queue = new WorkQueue(config.hashing.concurrency, config.hashing.queue);
  }

  /** Encodes a password with the first configured hasher. @throws PasswordQueueFullError */
  hash(password: string): Promise<string> {
    return this.queue.run(() => this.preferred.hash(canonical(password)));
  }

  /** An encoded form that no password matches, for accounts that log in by other means or not at all. */
  unusable(): string {
    return UNUSABLE + randomToken(30);
  }

  /** Whether some password may match the encoded form. */
  isUsable(encoded: string | null | undefined): boolean {
    return typeof encoded === 'string' && this.hasherOf(encoded) !== undefined;
  }

  /** The algorithm of an encoded form, or null when no password can match it. */
  algorithm(encoded: string | null | undefined): string | null {
    return encoded ? (this.hasherOf(encoded)?.algorithm ?? null) : null;
  }

  /**
   * Compares a password with an encoded form. The work is that of one hash with the configured parameters whether it
   * matches or not, and also where there is nothing to compare with, so that time tells nothing about the account.
   * @throws PasswordQueueFullError
   */
  verify(password: string, encoded: string | null | undefined): Promise<PasswordVerdict> {
    return this.queue.run(() => this.compare(canonical(password), encoded));
  }

  /** All reasons why a password is not good enough for its owner; empty when it is. */
  async weaknesses(password: string, owner?: PasswordOwner): Promise<readonly string[]> {
    const found: string[] = [];
    for (const rule of this.config.passwordRules) {
      const reason = await rule.check(canonical(password), owner);
      if (reason !== undefined) found.push(reason);
    }
    return found;
  }

  /** @throws PasswordTooWeakError with all reasons */
  async requireStrong(password: string, owner?: PasswordOwner): Promise<void> {
    const reasons = await this.weaknesses(password, owner);
    if (reasons.length > 0) throw new PasswordTooWeakError(reasons);
  }

  /** What the rules ask of a password, one sentence each, for showing beside the field. */
  help(): readonly string[] {
    return this.config.passwordRules.map((rule) => rule.help).filter(Boolean);
  }

  private async compare(password: string, encoded: string | null | undefined): Promise<PasswordVerdict> {
    const hasher = encoded ? this.hasherOf(encoded) : undefined;
    if (!encoded || !hasher) {
      if (encoded && !encoded.startsWith(UNUSABLE)) this.logger.warn('A stored password is in no known format');
      await this.preferred.hash(password);
      return { matches: false, outdated: false };
    }
    const matches = await hasher.verify(password, encoded);
    const outdated = hasher !== this.preferred || hasher.needsRehash(encoded);
    if (!matches && outdated) await this.evenOut(password, encoded, hasher);
    return { matches, outdated: matches && outdated };
  }

  /** A failed try on an old hash must take as long as one on a new hash. */
  private async evenOut(password: string, encoded: string, hasher: PasswordHasher): Promise<void> {
    if (hasher === this.preferred) await hasher.makeUpFor(password, encoded);
    else await this.preferred.hash(password);
  }

  private get preferred(): PasswordHasher {
    return this.config.hashers[0]!;
  }

  private hasherOf(encoded: string): PasswordHasher | undefined {
    const algorithm = algorithmOf(encoded);
    return this.config.hashers.find((hasher) => hasher.algorithm === algorithm);
  }
}

/** Keyboards compose characters differently; both spellings are one password (NIST SP 800-63B, section 5.1.1.2). */
function canonical(password: string): string {
  return password.normalize('NFKC');
}
