/** Attributes of a cookie (RFC 6265bis, section 4.1). */
export interface CookieAttributes {
  readonly path?: string;
  readonly domain?: string;
  /** Milliseconds until the browser drops it; 0 drops it now, undefined keeps it until the browser closes. */
  readonly maxAge?: number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: 'lax' | 'strict' | 'none';
}

/** The part of a response that takes headers. */
export interface CookieTarget {
  getHeader(name: string): number | string | readonly string[] | undefined;
  setHeader(name: string, value: string[]): unknown;
}

/** The decoded value of one cookie in a `Cookie` header, or undefined. The first of several wins. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header?.includes(name)) return undefined;
  for (const pair of header.split(';')) {
    const mark = pair.indexOf('=');
    if (mark > 0 && pair.slice(0, mark).trim() === name) return decode(pair.slice(mark + 1).trim());
  }
  return undefined;
}

/** The text of a `Set-Cookie` header; the value is percent-encoded. */
export function formatCookie(name: string, value: string, attributes: CookieAttributes = {}): string {
  const { path = '/', domain, maxAge, httpOnly, secure, sameSite } = attributes;
  const parts = [`${name}=${encodeURIComponent(value)}`, `Path=${path}`];
  if (domain) parts.push(`Domain=${domain}`);
  if (maxAge !== undefined) parts.push(`Max-Age=${Math.floor(maxAge / 1000)}`);
  if (httpOnly) parts.push('HttpOnly');
  if (secure) parts.push('Secure');
  if (sameSite) parts.push(`SameSite=${sameSite[0]!.toUpperCase()}${sameSite.slice(1)}`);
  return parts.join('; ');
}

/** Adds a `Set-Cookie` header beside those that are there; one of the same name is replaced. */
export function appendCookie(response: CookieTarget, cookie: string): void {
  const name = `${cookie.split('=', 1)[0]}=`;
  const given = response.getHeader('Set-Cookie');
  const others = (Array.isArray(given) ? given : given === undefined ? [] : [String(given)]) as string[];
  response.setHeader('Set-Cookie', [...others.filter((other) => !other.startsWith(name)), cookie]);
}

function decode(text: string): string | undefined {
  const bare = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
  try {
    return decodeURIComponent(bare);
  } catch {
    return undefined;
  }
}
