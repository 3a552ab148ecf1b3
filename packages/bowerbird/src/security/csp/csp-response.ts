import { ContextKey, contextValue, randomToken } from '#core';
import { type HttpResponse } from '#http';

import { type ContentSecurityPolicy } from './content-security-policy.js';

const ENFORCED = 'Content-Security-Policy';
const REPORTED = 'Content-Security-Policy-Report-Only';
const NONCE_BYTES = 16;

type Policy = ContentSecurityPolicy | null;

/** The policies of one response. The headers are sent without a nonce until somebody asks for it. */
export class CspResponse {
  private value: string | undefined;

  constructor(
    private readonly response: HttpResponse,
    private enforced: Policy,
    private reported: Policy,
  ) {
    this.put(ENFORCED, enforced, null, undefined);
    this.put(REPORTED, reported, null, undefined);
  }

  /** The nonce of this response: 128 random bits. */
  nonce(): string {
    if (this.value !== undefined) return this.value;
    const nonce = randomToken(NONCE_BYTES);
    this.put(ENFORCED, this.enforced, this.enforced, nonce);
    this.put(REPORTED, this.reported, this.reported, nonce);
    this.value = nonce;
    return nonce;
  }

  /** Replaces the enforced policy; null sends none. */
  enforce(policy: Policy): void {
    this.put(ENFORCED, policy, this.enforced, this.value);
    this.enforced = policy;
  }

  /** Replaces the policy that is only reported; null sends none. */
  report(policy: Policy): void {
    this.put(REPORTED, policy, this.reported, this.value);
    this.reported = policy;
  }

  get current(): Policy {
    return this.enforced;
  }

  /** Sends a policy, unless the application has put a header of its own in the place of the previous one. */
  private put(name: string, policy: Policy, previous: Policy, nonce: string | undefined): void {
    if (this.response.headersSent) return;
    const there = this.response.getHeader(name);
    if (there !== (previous ? textOf(previous, this.value) : undefined)) return;
    if (policy) this.response.setHeader(name, textOf(policy, nonce));
    else if (there !== undefined) this.response.removeHeader(name);
  }
}

function textOf(policy: ContentSecurityPolicy, nonce: string | undefined): string {
  return nonce === undefined ? policy.plain : policy.withNonce(nonce);
}

/** Where the policies of the current response are found. */
export const CSP_RESPONSE = new ContextKey<CspResponse>('content security policy');

/**
 * The nonce for inline scripts and styles of the page that is being made: `<script nonce="…">`. Asking for it adds it to
 * the policy. Empty outside of a request and where no policy is sent.
 */
export function cspNonce(): string {
  return contextValue(CSP_RESPONSE)?.nonce() ?? '';
}
