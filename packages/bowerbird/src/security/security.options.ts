import { durationMs, OptionReader, type Duration, type SettingsBase, type SettingsProblems } from '#core';

import { cspProblems, STRICT_CSP, type CspDirectives } from './csp/csp.js';
import { isTrustedOriginPattern } from './csrf/origins.js';
import { NO_THROTTLE, readThrottle, type ThrottleConfig, type ThrottleOptions } from './throttle/throttle.options.js';

const REFERRER_POLICIES = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const;
const OPENER_POLICIES = ['same-origin', 'same-origin-allow-popups', 'unsafe-none'] as const;
const RESOURCE_POLICIES = ['same-origin', 'same-site', 'cross-origin'] as const;
const FRAME_OPTIONS = ['deny', 'sameorigin'] as const;

/** Who may show a page in a frame. */
export type FrameOptions = (typeof FRAME_OPTIONS)[number];

/** Headers that are the same for every response. */
export interface HeadersOptions {
  /** `X-Frame-Options`. Default `deny`. */
  readonly frameOptions?: FrameOptions | false;
  /** `Referrer-Policy`. Default `same-origin`. */
  readonly referrerPolicy?: (typeof REFERRER_POLICIES)[number] | false;
  /** `Cross-Origin-Opener-Policy`. Default `same-origin`. */
  readonly openerPolicy?: (typeof OPENER_POLICIES)[number] | false;
  /** `Cross-Origin-Resource-Policy`. Default `same-origin`. */
  readonly resourcePolicy?: (typeof RESOURCE_POLICIES)[number] | false;
}

/** `Strict-Transport-Security` (RFC 6797), sent over https alone. */
export interface HstsOptions {
  /** How long browsers remember. Default `365d`. */
  readonly maxAge?: Duration;
  /** Default true. */
  readonly includeSubdomains?: boolean;
  /** Ask for a place in the browsers' own lists; hard to undo. Default false. */
  readonly preload?: boolean;
}

/** How the application deals with https. */
export interface HttpsOptions {
  /** Send visitors of plain http to https. Default false: a proxy in front often does it. */
  readonly redirect?: boolean;
  /** Host to send them to. Default: the one they asked for. */
  readonly redirectHost?: string;
  /** Beginnings of paths that stay reachable over plain http, as health routes always do. Default none. */
  readonly redirectExempt?: readonly string[];
  /** Default: on in production. */
  readonly hsts?: HstsOptions | false;
}

/** The cookie that holds an anonymous visitor's secret. */
export interface CsrfCookieOptions {
  /** Default `csrftoken`; `__Host-csrftoken` where the cookie is secure and has no domain. */
  readonly name?: string;
  /** Default: true in production. */
  readonly secure?: boolean;
  /** Share the cookie with the subdomains of this domain. Default: this host alone. */
  readonly domain?: string;
  /** Default `365d`. */
  readonly maxAge?: Duration;
}

/** Protection against forged requests. */
export interface CsrfOptions {
  /** Other origins whose pages may send forms here: `https://shop.example.com`, `https://*.example.com`. */
  readonly trustedOrigins?: readonly string[];
  readonly cookie?: CsrfCookieOptions;
}

/** What users write in `settings.security`. */
export interface SecurityOptions {
  readonly headers?: HeadersOptions | false;
  /** Directives that replace those of the strict default policy; false sends no policy. */
  readonly csp?: CspDirectives | false;
  /** A whole policy that is only reported. Default none. */
  readonly cspReportOnly?: CspDirectives | false;
  readonly https?: HttpsOptions;
  /** False switches the protection off for every route. */
  readonly csrf?: CsrfOptions | false;
  /** Hosts beside the request's own that `safeRedirect` may send visitors to. */
  readonly redirectHosts?: readonly string[];
  /** Limits of requests; false switches all of them off, those of decorators included. */
  readonly throttle?: ThrottleOptions | false;
}

/** Resolved {@link HeadersOptions}. */
export type HeadersConfig = Readonly<Required<HeadersOptions>>;

/** Resolved {@link HstsOptions}; milliseconds. */
export interface HstsConfig {
  readonly maxAge: number;
  readonly includeSubdomains: boolean;
  readonly preload: boolean;
}

/** Resolved {@link HttpsOptions}. */
export interface HttpsConfig {
  readonly redirect: boolean;
  readonly redirectHost: string | undefined;
  readonly redirectExempt: readonly string[];
  readonly hsts: HstsConfig | null;
}

/** The resolved CSRF cookie. */
export interface CsrfCookieConfig {
  readonly name: string;
  readonly secure: boolean;
  readonly domain: string | undefined;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly sameSite: 'lax';
  readonly path: '/';
}

/** Resolved {@link CsrfOptions}. */
export interface CsrfConfig {
  readonly enabled: boolean;
  readonly trustedOrigins: readonly string[];
  readonly cookie: CsrfCookieConfig;
}

/** The resolved settings of security. */
export class SecurityConfig {
  constructor(
    readonly headers: HeadersConfig | null,
    readonly csp: CspDirectives | null,
    readonly cspReportOnly: CspDirectives | null,
    readonly https: HttpsConfig,
    readonly csrf: CsrfConfig,
    readonly redirectHosts: readonly string[],
    readonly throttle: ThrottleConfig,
  ) {}
}

/** Resolves `settings.security`. */
export function resolveSecurity(
  options: SecurityOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): SecurityConfig {
  const reader = new OptionReader<SecurityOptions>('settings.security', options, problems);
  const config = new SecurityConfig(
    reader.raw('headers') === false ? null : readHeaders(reader.nested('headers')),
    readPolicy(reader, 'csp', STRICT_CSP),
    readPolicy(reader, 'cspReportOnly', null),
    readHttps(reader.nested('https'), base),
    reader.raw('csrf') === false ? readCsrf(undefined, base) : readCsrf(reader.nested('csrf'), base),
    reader.strings('redirectHosts', []),
    reader.raw('throttle') === false ? NO_THROTTLE : readThrottle(reader.nested('throttle')),
  );
  reader.finish();
  return config;
}

function readHeaders(reader: OptionReader<HeadersOptions>): HeadersConfig {
  const config: HeadersConfig = {
    frameOptions: reader.raw('frameOptions') !== false && reader.choice('frameOptions', FRAME_OPTIONS, 'deny'),
    referrerPolicy:
      reader.raw('referrerPolicy') !== false && reader.choice('referrerPolicy', REFERRER_POLICIES, 'same-origin'),
    openerPolicy: reader.raw('openerPolicy') !== false && reader.choice('openerPolicy', OPENER_POLICIES, 'same-origin'),
    resourcePolicy:
      reader.raw('resourcePolicy') !== false && reader.choice('resourcePolicy', RESOURCE_POLICIES, 'same-origin'),
  };
  reader.finish();
  return config;
}

function readPolicy(
  reader: OptionReader<SecurityOptions>,
  name: 'csp' | 'cspReportOnly',
  defaults: CspDirectives | null,
): CspDirectives | null {
  const given: unknown = reader.raw(name);
  if (given === false) return null;
  if (given === undefined) return defaults;
  const object = typeof given === 'object' && given !== null;
  const wrong = object ? cspProblems(given) : ['it is not an object'];
  if (wrong.length === 0) return { ...defaults, ...(given as CspDirectives) };
  const hint = `Write { 'img-src': ["'self'", 'https://images.example.com'] }: ${wrong.join('; ')}`;
  return reader.fail('security.E001', name, given, 'sources by directive', hint, defaults);
}

function readHttps(reader: OptionReader<HttpsOptions>, { production }: SettingsBase): HttpsConfig {
  const given = reader.raw('hsts');
  const config: HttpsConfig = {
    redirect: reader.boolean('redirect', false),
    redirectHost: reader.string('redirectHost', '') || undefined,
    redirectExempt: reader.strings('redirectExempt', []),
    hsts: given === false || (given === undefined && !production) ? null : readHsts(reader.nested('hsts')),
  };
  reader.finish();
  return config;
}

function readHsts(reader: OptionReader<HstsOptions>): HstsConfig {
  const config = {
    maxAge: reader.duration('maxAge', '365d'),
    includeSubdomains: reader.boolean('includeSubdomains', true),
    preload: reader.boolean('preload', false),
  };
  reader.finish();
  return config;
}

function readCsrf(reader: OptionReader<CsrfOptions> | undefined, base: SettingsBase): CsrfConfig {
  if (!reader) return { enabled: false, trustedOrigins: [], cookie: cookieConfig(base.production) };
  const trustedOrigins = reader.strings('trustedOrigins', []);
  const wrong = trustedOrigins.filter((origin) => !isTrustedOriginPattern(origin));
  const hint = 'Write https://shop.example.com, with a port where there is one, or https://*.example.com';
  if (wrong.length > 0) reader.fail('security.E002', 'trustedOrigins', wrong, 'origins', hint, undefined);
  const config = {
    enabled: true,
    trustedOrigins: trustedOrigins.filter(isTrustedOriginPattern),
    cookie: readCookie(reader.nested('cookie'), base),
  };
  reader.finish();
  return config;
}

function readCookie(reader: OptionReader<CsrfCookieOptions>, base: SettingsBase): CsrfCookieConfig {
  const secure = reader.boolean('secure', base.production);
  const domain = reader.string('domain', '') || undefined;
  const standard = cookieConfig(secure, domain);
  const config = {
    ...standard,
    name: reader.string('name', standard.name, { pattern: /^[\w-]+$/, expected: 'letters, digits, - and _' }),
    maxAge: reader.duration('maxAge', '365d', { min: '1h' }),
  };
  reader.finish();
  return config;
}

function cookieConfig(secure: boolean, domain?: string): CsrfCookieConfig {
  const name = secure && !domain ? '__Host-csrftoken' : 'csrftoken';
  return { name, secure, domain, maxAge: durationMs('365d'), sameSite: 'lax', path: '/' };
}
