import { OptionReader, type Duration, type SettingsBase, type SettingsProblems } from '#core';

import { sessionDrivers, type SessionDriver } from './session-driver.js';

/** Which requests of other sites carry a cookie. */
export type SameSite = 'lax' | 'strict' | 'none';

/** The session cookie. It is always HttpOnly: no script needs it. */
export interface SessionCookieOptions {
  /** Default `sessionid`; `__Host-sessionid` where the cookie is secure, has no domain and the path `/`. */
  readonly name?: string;
  /** Sent over https only. Default: true in production. */
  readonly secure?: boolean;
  /** Default `lax`. */
  readonly sameSite?: SameSite;
  /** Share the cookie with the subdomains of this domain. Default: this host alone. */
  readonly domain?: string;
  /** Default `/`. */
  readonly path?: string;
}

/** What users write in `settings.sessions`. */
export interface SessionsOptions {
  /** Where sessions are kept. Default `sessionDrivers.database()`. */
  readonly driver?: SessionDriver;
  /** A session ends this long after it was last renewed. Default `14d`. */
  readonly maxAge?: Duration;
  /** The browser forgets the cookie when it closes. Default false. */
  readonly endsWithBrowser?: boolean;
  /**
   * A session that is only read is renewed when this share of `maxAge` has passed since the last renewal (0 renews with
   * each request, 1 never). Default 0.1.
   */
  readonly renewAfter?: number;
  readonly cookie?: SessionCookieOptions;
}

/** The resolved session cookie. */
export interface SessionCookieConfig {
  readonly name: string;
  readonly secure: boolean;
  readonly sameSite: SameSite;
  readonly domain: string | undefined;
  readonly path: string;
}

/** The resolved settings of sessions. */
export class SessionsConfig {
  constructor(
    readonly driver: SessionDriver,
    /** Milliseconds. */
    readonly maxAge: number,
    readonly endsWithBrowser: boolean,
    /** Share of `maxAge`, from 0 to 1. */
    readonly renewAfter: number,
    readonly cookie: SessionCookieConfig,
  ) {}
}

/** Resolves `settings.sessions`. */
export function resolveSessions(
  options: SessionsOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): SessionsConfig {
  const reader = new OptionReader<SessionsOptions>('settings.sessions', options, problems);
  const config = new SessionsConfig(
    readDriver(reader),
    reader.duration('maxAge', '14d', { min: '1m' }),
    reader.boolean('endsWithBrowser', false),
    reader.number('renewAfter', 0.1, { min: 0, max: 1 }),
    readCookieOptions(reader.nested<SessionCookieOptions>('cookie'), base),
  );
  reader.finish();
  return config;
}

function readDriver(reader: OptionReader<SessionsOptions>): SessionDriver {
  const driver: unknown = reader.raw('driver');
  const fallback = sessionDrivers.database();
  if (driver === undefined) return fallback;
  const valid = typeof driver === 'object' && driver !== null && 'create' in driver;
  if (valid) return driver as SessionDriver;
  const hint = 'Write sessionDrivers.database() or sessionDrivers.memory()';
  return reader.fail('sessions.E001', 'driver', driver, 'a session driver', hint, fallback);
}

function readCookieOptions(reader: OptionReader<SessionCookieOptions>, base: SettingsBase): SessionCookieConfig {
  const secure = reader.boolean('secure', base.production);
  const domain: string | undefined = reader.string('domain', '') || undefined;
  const path = reader.string('path', '/', { pattern: /^\/[^;,\s]*$/, expected: 'a path that starts with a slash' });
  const hostOnly = secure && !domain && path === '/';
  const name = reader.string('name', hostOnly ? '__Host-sessionid' : 'sessionid', {
    pattern: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/,
    expected: 'a cookie name (letters, digits, - and _)',
  });
  const config = { name, secure, domain, path, sameSite: reader.choice('sameSite', ['lax', 'strict', 'none'], 'lax') };
  if (name.startsWith('__Host-') && !hostOnly)
    reader.fail('sessions.E002', 'name', name, 'a name that browsers accept', HOST_HINT, undefined);
  if (config.sameSite === 'none' && !secure)
    reader.fail('sessions.E003', 'sameSite', 'none', 'lax or strict', 'Browsers drop it: set cookie.secure', undefined);
  reader.finish();
  return config;
}

const HOST_HINT = 'A __Host- cookie must be secure, without a domain and with the path /';
