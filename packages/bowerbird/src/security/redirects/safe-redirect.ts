import { APPLICATION, contextValue } from '#core';
import { currentRequest, type HttpRequest } from '#http';

import { SecurityConfig } from '../security.options.js';

/** Longer targets are refused before anything looks at them (CVE-2026-25673 was a cost of long URLs). */
const MAX_LENGTH = 2048;

/** Control characters, which browsers drop or stop at, and backslashes, which they read as slashes. */
const TRICKS = /[\p{Cc}\p{Zl}\p{Zp}\\]/u;

/**
 * Whether a visitor may be sent to an address that came from outside (`?next=`): a path of this site, or an absolute
 * address on its host or on one of `hosts`, without a way down from https to http.
 * See Django's `url_has_allowed_host_and_scheme`.
 */
export function isSafeRedirect(
  target: unknown,
  request: Pick<HttpRequest, 'host' | 'secure'>,
  hosts: readonly string[] = [],
): target is string {
  return typeof target === 'string' && resolveRedirect(target, request, hosts) !== undefined;
}

/**
 * The target if it is safe, percent-encoded for a header, otherwise the fallback. Judged against the current request;
 * outside of one, only paths are safe.
 */
export function safeRedirect(target: unknown, fallback: string): string {
  if (typeof target !== 'string') return fallback;
  const request = currentRequest() ?? { host: 'localhost', secure: true };
  return resolveRedirect(target, request, configuredHosts()) ?? fallback;
}

/** None where the area is switched off and has no settings. */
function configuredHosts(): readonly string[] {
  try {
    return contextValue(APPLICATION)?.get(SecurityConfig).redirectHosts ?? [];
  } catch {
    return [];
  }
}

function resolveRedirect(
  target: string,
  request: Pick<HttpRequest, 'host' | 'secure'>,
  hosts: readonly string[] = [],
): string | undefined {
  if (target.length > MAX_LENGTH || target !== target.trim() || TRICKS.test(target)) return undefined;
  if (/^https?:\/\/[^/]/i.test(target)) return resolveAbsolute(target, request, hosts);
  return /^(?:\/(?!\/)|\?)/.test(target) ? resolvePath(target) : undefined;
}

function resolveAbsolute(
  target: string,
  { host, secure }: Pick<HttpRequest, 'host' | 'secure'>,
  hosts: readonly string[],
): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  if (url.username || url.password || (secure && url.protocol !== 'https:')) return undefined;
  const allowed = [host, ...hosts].some((name) => sameHost(url, name));
  return allowed ? url.href : undefined;
}

/** Compares with ports, where the scheme's own port may be left out. */
function sameHost(url: URL, host: string): boolean {
  const other = `${url.protocol}//${host}`;
  return URL.canParse(other) && new URL(other).host === url.host;
}

/** Encodes a path as a browser would read it. One that turns into `//host` on the way (`/.//host`) is no path. */
function resolvePath(target: string): string | undefined {
  const base = 'http://site.invalid';
  if (!URL.canParse(target, base)) return undefined;
  const url = new URL(target, base);
  if (url.origin !== base || url.pathname.startsWith('//')) return undefined;
  // A lone "?" would become no address at all.
  return target.startsWith('?') ? url.search + url.hash || undefined : url.pathname + url.search + url.hash;
}
