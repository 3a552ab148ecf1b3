import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { type AdminRegistration } from './site/admin.decorator.js';

/** Most rows of one page: selecting all of them must stay well below `http.fields`. */
export const MAX_PER_PAGE = 500;

/** How the admin as a whole looks and where it lives. */
export interface AdminSiteOptions {
  /** Where the admin lives, with slashes at both ends; `/admin/` unless given. */
  readonly path?: string;
  /** Ending of every page's title; `Administration` unless given. */
  readonly title?: string;
  /** Name at the top of every page; the title unless given. */
  readonly header?: string;
  /** Heading of the index page; `Overview` unless given. */
  readonly indexTitle?: string;
  /** Address of the link to the public site; `/` unless given, false for no link. */
  readonly siteUrl?: string | false;
  /** Mark for null and empty values; an en dash unless given. */
  readonly empty?: string;
  /** Time zone in which dates and times are shown and entered (IANA name); `UTC` unless given. */
  readonly timeZone?: string;
  /** Language of numbers and dates (BCP 47) where a request has none of its own; `en` unless given. */
  readonly locale?: string;
  /** Rows of a list that are counted exactly, 100 to 1,000,000; above it the page shows an estimate. 10,000 unless given. */
  readonly countLimit?: number;
  /** Rows per page where an entity does not say it, 1 to 500; 100 unless given. */
  readonly perPage?: number;
  /** Text beside the header that names the installation: `staging`. */
  readonly environment?: string;
  /** Whether entities that say nothing of it are in the API as well; false unless given. */
  readonly api?: boolean;
  /** Entities that are put into the admin without a decorator on them: `[adminFor(City)]`. */
  readonly register?: readonly AdminRegistration[];
}

/** The resolved admin settings. */
export class AdminConfig {
  constructor(
    readonly path: string,
    readonly title: string,
    readonly header: string,
    readonly indexTitle: string,
    readonly siteUrl: string | null,
    readonly empty: string,
    readonly timeZone: string,
    readonly locale: string,
    readonly countLimit: number,
    readonly perPage: number,
    readonly environment: string | null,
    readonly register: readonly AdminRegistration[],
    readonly api: boolean,
  ) {}
}

/** Reads `settings.admin`; problems are collected, and a config with defaults in their place is returned. */
export function resolveAdmin(
  options: AdminSiteOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): AdminConfig {
  void base;
  const read = new OptionReader<AdminSiteOptions>('settings.admin', options, problems);
  const title = read.string('title', 'Administration');
  const siteUrl = read.raw('siteUrl');
  const config = new AdminConfig(
    read.string('path', '/admin/', { pattern: /^\/([\w-]+\/)+$/, expected: 'a path such as "/admin/"' }),
    title,
    read.string('header', title),
    read.string('indexTitle', 'Overview'),
    siteUrl === false ? null : read.string('siteUrl', '/'),
    read.string('empty', '–'),
    readTimeZone(read),
    readLocale(read),
    read.number('countLimit', 10_000, { min: 100, max: 1_000_000, integer: true }),
    read.number('perPage', 100, { min: 1, max: MAX_PER_PAGE, integer: true }),
    read.string('environment', '') || null,
    read.raw('register') ?? [],
    read.boolean('api', false),
  );
  read.finish();
  return config;
}

function readTimeZone(read: OptionReader<AdminSiteOptions>): string {
  const name = read.string('timeZone', 'UTC');
  if (accepted(() => new Intl.DateTimeFormat('en', { timeZone: name }))) return name;
  return read.fail('admin.E001', 'timeZone', name, 'an IANA time zone', 'Use a name such as "Europe/Berlin"', 'UTC');
}

function readLocale(read: OptionReader<AdminSiteOptions>): string {
  const name = read.string('locale', 'en');
  if (accepted(() => Intl.getCanonicalLocales(name))) return name;
  return read.fail('admin.E002', 'locale', name, 'a BCP 47 language tag', 'Use a tag such as "en" or "de-AT"', 'en');
}

function accepted(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
