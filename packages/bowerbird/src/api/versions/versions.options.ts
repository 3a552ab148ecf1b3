import { type OptionReader } from '#core';
import { type ReplyHeaders } from '#http';

/** Where requests name the version that they are for. */
export type VersionPlace = 'path' | 'header' | 'query' | 'mediaType';

/** That a version should no longer be used. Moments are dates or texts of ISO 8601, `2026-12-31`. */
export interface DeprecationOptions {
  /** Since when, which may lie ahead (RFC 9745). */
  readonly since: Date | string;
  /** When it is going to stop answering, not before `since` (RFC 8594). */
  readonly sunset?: Date | string;
  /** Where people read about it. */
  readonly link?: string;
  /** Where people read what becomes of versions. */
  readonly sunsetLink?: string;
}

/** The versions of the API. */
export interface VersionsOptions {
  /** `path` for `/api/v2/posts`, `header`, `query` for `?version=2`, or `mediaType` for `Accept: application/json; version=2`. */
  readonly by: VersionPlace;
  /** What stands before the version in paths, `v`; the header, `API-Version`; the parameter, `version`. */
  readonly name?: string;
  /** All versions that are answered, the oldest first. */
  readonly known: readonly string[];
  /** The version of requests that name none. Without it these are refused. */
  readonly default?: string;
  /** Versions that should no longer be used. */
  readonly deprecated?: Readonly<Record<string, DeprecationOptions>>;
}

/** What answers in a deprecated version tell. */
export interface Deprecation {
  readonly headers: ReplyHeaders;
  /** For the `Link` header. */
  readonly links: readonly string[];
}

/** The versions of the API with all defaults. */
export interface VersionsConfig {
  readonly by: VersionPlace;
  readonly name: string;
  readonly known: readonly string[];
  /** Null where requests have to name one. */
  readonly default: string | null;
  readonly deprecated: ReadonlyMap<string, Deprecation>;
}

type Read = OptionReader<VersionsOptions>;

const PLACES: Readonly<Record<VersionPlace, { readonly name: string; readonly pattern: RegExp }>> = {
  path: { name: 'v', pattern: /^[\w.-]{0,30}$/ },
  header: { name: 'API-Version', pattern: /^[\w-]{1,60}$/ },
  query: { name: 'version', pattern: /^[\w-]{1,60}$/ },
  mediaType: { name: 'version', pattern: /^(?!q$)[\w-]{1,60}$/i },
};
const VERSION = /^[A-Za-z0-9][\w.-]{0,30}$/;
/** What a header and the angle brackets in it can hold. */
const LINK = /^(https?:\/\/|\/)[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*$/i;

/** Reads `settings.api.versions`; null where the API has none. */
export function readVersions(options: OptionReader<{ readonly versions?: VersionsOptions }>): VersionsConfig | null {
  if (options.raw('versions') === undefined) return null;
  const read = options.nested<VersionsOptions>('versions');
  const by = read.choice('by', Object.keys(PLACES) as VersionPlace[], 'path');
  if (read.raw('by') === undefined)
    read.fail('core.E002', 'by', undefined, 'where requests name the version', "Write by: 'path'", by);
  const { name, pattern } = PLACES[by];
  const known = readKnown(read);
  const config = {
    by,
    name: read.string('name', name, { pattern, expected: 'a name of letters, digits, "-" and "_"' }),
    known,
    default: readDefault(read, known),
    deprecated: readDeprecated(read, known),
  };
  read.finish();
  return Object.freeze(config);
}

function readKnown(read: Read): readonly string[] {
  const known = read.strings('known', []);
  const distinct = new Set(known.map((version) => version.toLowerCase())).size === known.length;
  if (known.length > 0 && distinct && known.every((version) => VERSION.test(version))) return Object.freeze([...known]);
  const hint = "Write known: ['1', '2']; letters, digits, '.', '_' and '-' can be used";
  return read.fail('core.E003', 'known', known, 'a list of different versions', hint, ['1']);
}

function readDefault(read: Read, known: readonly string[]): string | null {
  return read.raw('default') === undefined ? null : read.choice('default', known, known[0]!);
}

function readDeprecated(read: Read, known: readonly string[]): ReadonlyMap<string, Deprecation> {
  const versions = read.nested<Record<string, DeprecationOptions>>('deprecated');
  const found = known.flatMap((version): readonly (readonly [string, Deprecation])[] => {
    if (versions.raw(version) === undefined) return [];
    return [[version, readDeprecation(versions.nested<DeprecationOptions>(version))]];
  });
  versions.finish();
  return new Map(found);
}

function readDeprecation(read: OptionReader<DeprecationOptions>): Deprecation {
  const since =
    readMoment(read, 'since') ?? read.fail('core.E002', 'since', undefined, 'a moment', MOMENT, new Date(0));
  const sunset = readMoment(read, 'sunset');
  if (sunset && sunset < since)
    read.fail('core.E003', 'sunset', sunset, 'a moment that is not before `since`', 'Correct one of them', sunset);
  const links = [...readLink(read, 'link', 'deprecation'), ...readLink(read, 'sunsetLink', 'sunset')];
  read.finish();
  return Object.freeze({
    headers: Object.freeze({
      Deprecation: `@${Math.floor(since.getTime() / 1000)}`,
      ...(sunset && { Sunset: sunset.toUTCString() }),
    }),
    links: Object.freeze(links),
  });
}

const MOMENT = "Write a date such as '2026-12-31'";

function readMoment(read: OptionReader<DeprecationOptions>, name: 'since' | 'sunset'): Date | undefined {
  const value: unknown = read.raw(name);
  if (value === undefined) return undefined;
  const date = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : value;
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  return read.fail('core.E002', name, value, 'a moment', MOMENT, new Date(0));
}

function readLink(
  read: OptionReader<DeprecationOptions>,
  name: 'link' | 'sunsetLink',
  relation: string,
): readonly string[] {
  if (read.raw(name) === undefined) return [];
  const expected = 'an address that starts with https:// or /';
  const address = read.string(name, '/', { pattern: LINK, expected });
  return [`<${address}>; rel="${relation}"; type="text/html"`];
}
