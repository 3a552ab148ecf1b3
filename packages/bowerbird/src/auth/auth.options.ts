import { availableParallelism } from 'node:os';

import { OptionReader, type Class, type Duration, type SettingsBase, type SettingsProblems } from '#core';

import { authDrivers } from './passwords/auth-drivers.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordRule } from './passwords/password-rule.js';
import { passwordRules } from './passwords/password-rules.js';
import { AbstractUser } from './users/abstract-user.js';
import { User } from './users/user.entity.js';

/** How many failed logins are allowed within which time. */
export interface ThrottleLimitOptions {
  /** Failures after which further tries are refused. */
  readonly failures?: number;
  /** How long a failure counts. */
  readonly window?: Duration;
}

/** Limits on failed logins; only failures count, and a success clears those of its account. */
export interface LoginThrottleOptions {
  /** By account, known or not; 5 failures in `15m` unless said otherwise. */
  readonly account?: ThrottleLimitOptions;
  /** By client network, which is an IPv4 address or an IPv6 /64; 50 failures in `15m` unless said otherwise. */
  readonly address?: ThrottleLimitOptions;
}

/** How much of the machine hashing passwords may take. */
export interface HashingOptions {
  /** Passwords hashed at once, each in memory of its own; half of the processors, 1 to 3, unless said otherwise. */
  readonly concurrency?: number;
  /** Passwords that may wait for their turn; 1000. Beyond it logins are answered with 503. */
  readonly queue?: number;
}

/** What an application may say about accounts, under `settings.auth`. */
export interface AuthOptions {
  /** The account entity, a class that extends `AbstractUser` and belongs to one of the apps; `User` by default. */
  readonly user?: Class<AbstractUser>;
  /** The name above the login form; `Bowerbird`. */
  readonly siteName?: string;
  /** Where visitors log in; `/accounts/login/`. Change it when the application brings a login page of its own. */
  readonly loginUrl?: string;
  /** Where a login leads when nothing else was asked for; `/`. */
  readonly loginRedirect?: string;
  /** Where a logout leads; the login page. */
  readonly logoutRedirect?: string;
  /** Password hashers: the first hashes, all verify; `[authDrivers.scrypt()]`. */
  readonly hashers?: readonly PasswordHasher[];
  readonly hashing?: HashingOptions;
  /** Demands on new passwords; length 8, not numeric, not common, not similar to the owner. */
  readonly passwordRules?: readonly PasswordRule[];
  /** Limits on failed logins; `false` turns them off. */
  readonly throttle?: LoginThrottleOptions | false;
  /**
   * How long requests take an account and its permissions for what this process last read of them; `0s`, so that each
   * request reads them. What another process changes takes effect after that time, what this one changes at once.
   */
  readonly remember?: Duration;
}

/** A resolved limit. */
export interface ThrottleLimit {
  readonly failures: number;
  /** Milliseconds. */
  readonly window: number;
}

/** Paths of the account pages, and of where they lead. */
export interface AccountUrls {
  readonly login: string;
  /** POST only. */
  readonly logout: string;
  readonly passwordChange: string;
  readonly afterLogin: string;
  readonly afterLogout: string;
}

/** The resolved settings of accounts. */
export class AuthConfig {
  constructor(
    readonly user: Class<AbstractUser>,
    readonly siteName: string,
    readonly urls: AccountUrls,
    /** At least one; the first hashes. */
    readonly hashers: readonly PasswordHasher[],
    readonly hashing: { readonly concurrency: number; readonly queue: number },
    readonly passwordRules: readonly PasswordRule[],
    readonly throttle: { readonly account: ThrottleLimit; readonly address: ThrottleLimit } | null,
    /** Milliseconds; 0 for not at all. */
    readonly remember: number,
  ) {}

  /** Whether the application brings an account class of its own. */
  get ownUser(): boolean {
    return this.user !== User;
  }
}

const PATH = /^\/(?![/\\])[^\s\\]*$/;

/** Reads `settings.auth`; every problem is reported and replaced by the default. */
export function resolveAuth(
  options: AuthOptions | undefined,
  problems: SettingsProblems,
  _base: SettingsBase,
): AuthConfig {
  const reader = new OptionReader<AuthOptions>('settings.auth', options, problems);
  const login = readPath(reader, 'loginUrl', '/accounts/login/');
  const config = new AuthConfig(
    readUser(reader),
    reader.string('siteName', 'Bowerbird'),
    {
      login,
      logout: '/accounts/logout/',
      passwordChange: '/accounts/password/',
      afterLogin: readPath(reader, 'loginRedirect', '/'),
      afterLogout: readPath(reader, 'logoutRedirect', login),
    },
    readHashers(reader),
    readHashing(reader),
    readRules(reader),
    readThrottle(reader),
    reader.duration('remember', '0s', { max: '1h' }),
  );
  reader.finish();
  return config;
}

type Reader = OptionReader<AuthOptions>;

function readPath(reader: Reader, name: 'loginUrl' | 'loginRedirect' | 'logoutRedirect', fallback: string): string {
  return reader.string(name, fallback, { pattern: PATH, expected: 'a path on this site such as "/accounts/login/"' });
}

function readUser(reader: Reader): Class<AbstractUser> {
  const given = reader.raw('user') as unknown;
  if (given === undefined) return User;
  const fits = typeof given === 'function' && given.prototype instanceof AbstractUser;
  if (fits) return given as Class<AbstractUser>;
  const hint = 'Let the class extend AbstractUser, or leave settings.auth.user out';
  return reader.fail('auth.E001', 'user', given, 'an entity class that extends AbstractUser', hint, User);
}

function readHashers(reader: Reader): readonly PasswordHasher[] {
  const fallback = [authDrivers.scrypt()];
  const given = reader.raw('hashers') as unknown;
  if (given === undefined) return fallback;
  const fits = Array.isArray(given) && given.length > 0 && given.every((one) => one instanceof PasswordHasher);
  if (fits) return given;
  const hint = 'Write it as [authDrivers.scrypt()]; the first hasher is the one that hashes';
  return reader.fail('auth.E002', 'hashers', given, 'a list of at least one password hasher', hint, fallback);
}

function readHashing(reader: Reader): AuthConfig['hashing'] {
  const nested = reader.nested<HashingOptions>('hashing');
  const half = Math.min(3, Math.max(1, Math.floor(availableParallelism() / 2)));
  const hashing = {
    concurrency: nested.number('concurrency', half, { min: 1, max: 64, integer: true }),
    queue: nested.number('queue', 1000, { min: 0, max: 100_000, integer: true }),
  };
  nested.finish();
  return hashing;
}

function readRules(reader: Reader): readonly PasswordRule[] {
  const fallback = [
    passwordRules.length(),
    passwordRules.notNumeric(),
    passwordRules.notCommon(),
    passwordRules.notSimilar(),
  ];
  const given = reader.raw('passwordRules') as unknown;
  if (given === undefined) return fallback;
  if (Array.isArray(given) && given.every((rule) => rule instanceof PasswordRule)) return given;
  const hint = 'Write it as [passwordRules.length(12), passwordRules.notCommon()]';
  return reader.fail('auth.E003', 'passwordRules', given, 'a list of password rules', hint, fallback);
}

function readThrottle(reader: Reader): AuthConfig['throttle'] {
  if ((reader.raw('throttle') as unknown) === false) return null;
  const nested = reader.nested<LoginThrottleOptions>('throttle');
  const throttle = { account: readLimit(nested, 'account', 5), address: readLimit(nested, 'address', 50) };
  nested.finish();
  return throttle;
}

function readLimit(
  reader: OptionReader<LoginThrottleOptions>,
  name: 'account' | 'address',
  failures: number,
): ThrottleLimit {
  const nested = reader.nested<ThrottleLimitOptions>(name);
  const limit = {
    failures: nested.number('failures', failures, { min: 1, max: 10_000, integer: true }),
    window: nested.duration('window', '15m', { min: '1s', max: '30d' }),
  };
  nested.finish();
  return limit;
}
