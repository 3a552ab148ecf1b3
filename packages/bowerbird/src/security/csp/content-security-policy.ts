import { CSP, type CspDirectives } from './csp.js';

/** A policy made ready: its text is put together once, not per response. */
export class ContentSecurityPolicy {
  /** The header's value for responses without a nonce. */
  readonly plain: string;
  private readonly parts: readonly string[];

  constructor(readonly directives: CspDirectives) {
    this.plain = serialize(directives, (source) => source !== CSP.NONCE);
    this.parts = serialize(directives, () => true).split(CSP.NONCE);
  }

  /** Whether the policy has a place for the nonce. */
  get takesNonce(): boolean {
    return this.parts.length > 1;
  }

  /** The header's value for a response whose scripts and styles carry this nonce. */
  withNonce(nonce: string): string {
    return this.parts.join(`'nonce-${nonce}'`);
  }

  /** This policy with some directives replaced; those that are false are removed. */
  extend(directives: CspDirectives): ContentSecurityPolicy {
    return new ContentSecurityPolicy({ ...this.directives, ...directives });
  }
}

function serialize(directives: CspDirectives, keep: (source: string) => boolean): string {
  return Object.entries(directives)
    .filter(([, sources]) => sources !== false)
    .map(([name, sources]) => [name, ...(sources as readonly string[]).filter(keep)].join(' '))
    .join('; ');
}
