import { createHmac, hkdfSync } from 'node:crypto';

import { type Clock } from '../time/clock.js';
import { durationMs, type Duration } from '../time/duration.js';
import { BadSignatureError, SignatureExpiredError } from './signer.errors.js';
import { constantTimeEqual } from './tokens.js';

/** The secret key in use and the earlier ones that are still accepted for reading. */
export class SecretKeys {
  constructor(
    readonly current: string,
    readonly fallbacks: readonly string[] = [],
  ) {}

  get all(): readonly string[] {
    return [this.current, ...this.fallbacks];
  }
}

/**
 * Signs values so that they can be handed to a client and recognized later (Django's `TimestampSigner`).
 * A token is `payload.time.signature`, each part base64url or base36 and so free of dots. The salt names the purpose;
 * it derives the key (HKDF-SHA256, RFC 5869), so a token for one purpose never passes for another, and no pair of
 * salt and value can be read as a different pair.
 */
export class Signer {
  private readonly derived = new Map<string, readonly Buffer[]>();

  constructor(
    private readonly keys: SecretKeys,
    private readonly clock: Clock,
  ) {}

  /** A token that holds the value, readable by the client but not changeable. */
  sign(salt: string, value: string): string {
    const body = `${Buffer.from(value).toString('base64url')}.${this.clock.now().getTime().toString(36)}`;
    return `${body}.${this.mac(this.keysFor(salt)[0]!, body)}`;
  }

  /** The value of a token. @throws BadSignatureError, SignatureExpiredError */
  unsign(salt: string, token: string, options: { readonly maxAge?: Duration } = {}): string {
    const [payload, time, signature, ...rest] = token.split('.');
    if ((!payload && payload !== '') || !time || !signature || rest.length > 0) throw new BadSignatureError();
    const body = `${payload}.${time}`;
    if (!this.keysFor(salt).some((key) => constantTimeEqual(this.mac(key, body), signature)))
      throw new BadSignatureError();
    this.checkAge(Number.parseInt(time, 36), options.maxAge);
    return Buffer.from(payload, 'base64url').toString();
  }

  /** A bare signature of a text, for values that are stored beside it. */
  signature(salt: string, value: string): string {
    return this.mac(this.keysFor(salt)[0]!, value);
  }

  /** Whether a bare signature is right under the current key or a fallback. */
  verifies(salt: string, value: string, signature: string): boolean {
    return this.keysFor(salt).some((key) => constantTimeEqual(this.mac(key, value), signature));
  }

  private checkAge(signedAt: number, maxAge: Duration | undefined): void {
    if (maxAge === undefined) return;
    const age = this.clock.now().getTime() - signedAt;
    if (age > durationMs(maxAge)) throw new SignatureExpiredError(age);
  }

  private mac(key: Buffer, text: string): string {
    return createHmac('sha256', key).update(text).digest('base64url');
  }

  private keysFor(salt: string): readonly Buffer[] {
    const known = this.derived.get(salt);
    if (known) return known;
    const keys = this.keys.all.map((key) => Buffer.from(hkdfSync('sha256', key, 'bowerbird.signer', salt, 32)));
    this.derived.set(salt, keys);
    return keys;
  }
}
