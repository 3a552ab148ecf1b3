import { type HttpRequest } from '#http';

import { type CsrfReason } from './csrf-reason.js';

/** An origin that may send forms here: exact, or all subdomains of a domain (`https://*.example.com`). */
const TRUSTED = /^(https?:\/\/)(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/** Whether a text can stand in `trustedOrigins`. */
export function isTrustedOriginPattern(text: string): boolean {
  return TRUSTED.test(text);
}

/** The origins beside a request's own that may send it. */
export class TrustedOrigins {
  private readonly exact: ReadonlySet<string>;
  private readonly wildcards: readonly { readonly start: string; readonly end: string }[];

  constructor(patterns: readonly string[]) {
    const lower = patterns.map((pattern) => pattern.toLowerCase());
    this.exact = new Set(lower.filter((pattern) => !pattern.includes('*')).map((origin) => new URL(origin).origin));
    this.wildcards = lower.filter((pattern) => pattern.includes('*')).map(wildcard);
  }

  has(origin: string): boolean {
    if (this.exact.has(origin)) return true;
    return this.wildcards.some(({ start, end }) => isSubdomain(origin, start, end));
  }
}

function wildcard(pattern: string): { readonly start: string; readonly end: string } {
  const { protocol, port } = new URL(pattern.replace('*.', ''));
  const domain = pattern.slice(pattern.indexOf('*') + 1).replace(/:\d+$/, '');
  return { start: `${protocol}//`, end: port ? `${domain}:${port}` : domain };
}

function isSubdomain(origin: string, start: string, end: string): boolean {
  return origin.startsWith(start) && origin.endsWith(end) && origin.length > start.length + end.length;
}

/**
 * What the headers that browsers set, and pages cannot, say against a request: `Sec-Fetch-Site`, then `Origin`, then,
 * over https alone, `Referer`. Null when they say nothing against it.
 */
export function originProblem(request: HttpRequest, trusted: TrustedOrigins): CsrfReason | null {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const parsed = origin === undefined ? undefined : originOf(origin);
  if (parsed && trusted.has(parsed)) return null;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'cross-site';
  if (origin === 'null') return 'null-origin';
  if (origin !== undefined && !parsed) return 'malformed-origin';
  if (parsed) return origin === ownText(request) || parsed === ownOrigin(request) ? null : 'bad-origin';
  return request.secure && site !== 'same-origin' ? refererProblem(request, trusted) : null;
}

function refererProblem(request: HttpRequest, trusted: TrustedOrigins): CsrfReason | null {
  const referer = request.get('referer');
  if (!referer) return 'no-referer';
  const origin = URL.canParse(referer) ? new URL(referer).origin : undefined;
  if (!origin || origin === 'null') return 'malformed-referer';
  if (!origin.startsWith('https://')) return 'insecure-referer';
  return origin === ownOrigin(request) || trusted.has(origin) ? null : 'bad-referer';
}

/** The origin that a page of this site has, with the scheme's own port dropped as browsers do. */
function ownOrigin(request: HttpRequest): string | undefined {
  return originOf(ownText(request));
}

function ownText({ protocol, host }: HttpRequest): string {
  return `${protocol}://${host}`;
}

/** An origin as browsers write it, or undefined when the text is more or less than an origin. */
function originOf(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\]+$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
