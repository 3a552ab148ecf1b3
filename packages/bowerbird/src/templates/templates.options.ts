import { existsSync, statSync } from 'node:fs';

import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

/** What users write under `settings.templates`; all optional. */
export interface TemplatesOptions {
  /** Directories that are searched first, relative to the entry file's directory; default `['templates']`, which may be absent. */
  readonly directories?: readonly string[];
  /** Errors for missing variables; default: true in development, false in production, where they print nothing and log a line. */
  readonly strict?: boolean;
  /** Notice changed and new files without a restart; default: true in development, false in production. */
  readonly reload?: boolean;
  /** Locale of the number and date helpers where the context names none; default `en-US`. */
  readonly locale?: string;
  /** Time zone of the date helpers, an IANA name; default `UTC`. */
  readonly timeZone?: string;
}

/** The resolved template settings. */
export class TemplatesConfig {
  constructor(
    /** Directories of the project, searched first, each ending with a slash. */
    readonly directories: readonly URL[],
    readonly strict: boolean,
    readonly reload: boolean,
    readonly locale: string,
    readonly timeZone: string,
  ) {}
}

/** Resolves `settings.templates`. */
export function resolveTemplates(
  options: TemplatesOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): TemplatesConfig {
  const reader = new OptionReader<TemplatesOptions>('settings.templates', options, problems);
  const config = new TemplatesConfig(
    readDirectories(reader, base),
    reader.boolean('strict', !base.production),
    reader.boolean('reload', !base.production),
    readIntl(reader, 'locale', 'en-US', (locale) => new Intl.Locale(locale)),
    readIntl(reader, 'timeZone', 'UTC', (timeZone) => new Intl.DateTimeFormat('en-US', { timeZone })),
  );
  reader.finish();
  return config;
}

function readDirectories(reader: OptionReader<TemplatesOptions>, base: SettingsBase): readonly URL[] {
  const given = reader.raw('directories') !== undefined;
  const urls = reader.strings('directories', ['templates']).map((path) => ({
    path,
    url: new URL(path.endsWith('/') ? path : `${path}/`, base.root),
  }));
  if (!given) return urls.filter(({ url }) => existsSync(url)).map(({ url }) => url);
  return urls.filter(({ path, url }) => isDirectory(url) || reader.fail(...absent(path))).map(({ url }) => url);
}

function absent(path: string): ['templates.E001', 'directories', string, string, string, false] {
  const hint = 'Create the directory, or remove it from settings.templates.directories';
  return ['templates.E001', 'directories', path, 'a directory that exists', hint, false];
}

function isDirectory(url: URL): boolean {
  return statSync(url, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A text that the Intl constructors accept. */
function readIntl(
  reader: OptionReader<TemplatesOptions>,
  name: 'locale' | 'timeZone',
  fallback: string,
  probe: (value: string) => unknown,
): string {
  const value = reader.string(name, fallback);
  try {
    probe(value);
    return value;
  } catch {
    const expected = name === 'locale' ? 'a language tag such as "en-US"' : 'a time zone such as "Europe/Warsaw"';
    return reader.fail(
      'templates.E002',
      name,
      value,
      expected,
      `Change settings.templates.${name} to ${expected}`,
      fallback,
    );
  }
}
