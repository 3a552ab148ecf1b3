import { type HttpRequest } from '#http';

/** Longest address that is kept for coming back to after the login, in characters. */
const MAX_NEXT = 2048;

/** The login page's address that leads back to what was asked for; only pages that can be asked for again are kept. */
export function loginLocation(login: string, request: Pick<HttpRequest, 'method' | 'originalUrl'>): string {
  const target = request.originalUrl;
  const repeatable = request.method === 'GET' || request.method === 'HEAD';
  if (!repeatable || target.length > MAX_NEXT || target === '/') return login;
  const mark = login.includes('?') ? '&' : '?';
  return `${login}${mark}next=${encodeURIComponent(target).replaceAll('%2F', '/')}`;
}
