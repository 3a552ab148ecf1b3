import { type Clock, type Signer } from '#core';

/** Signs addresses of private files. The signature covers disk, name and end of validity. */
export class SignedUrls {
  constructor(
    private readonly signer: Signer,
    private readonly clock: Clock,
    /** Milliseconds. */
    private readonly lifetime: number,
  ) {}

  /** The query that opens a file: `expires=…&signature=…`. */
  query(disk: string, name: string): string {
    const expires = this.endOfValidity().toString(36);
    return `expires=${expires}&signature=${this.signer.signature(SALT, message(disk, name, expires))}`;
  }

  /** Whether a query opens the file now. */
  opens(disk: string, name: string, expires: unknown, signature: unknown): boolean {
    if (typeof expires !== 'string' || typeof signature !== 'string' || !/^[0-9a-z]{1,11}$/.test(expires)) return false;
    if (!this.signer.verifies(SALT, message(disk, name, expires), signature)) return false;
    return Number.parseInt(expires, 36) > this.clock.now().getTime();
  }

  /**
   * Rounded up to a quarter of the lifetime, so that pages rendered soon after each other hold the same address and
   * browsers can use their copies.
   */
  private endOfValidity(): number {
    const step = Math.max(1, Math.floor(this.lifetime / 4));
    return Math.ceil((this.clock.now().getTime() + this.lifetime) / step) * step;
  }
}

const SALT = 'storage.url';

function message(disk: string, name: string, expires: string): string {
  return JSON.stringify([disk, name, expires]);
}
