import { type HttpRequest } from '#http';

import { mediaRanges } from '../content/media-range.js';
import { type VersionPlace, type VersionsConfig } from './versions.options.js';

/** The version that a request is answered in. */
export interface RequestVersion {
  /** Null where it names none that is known, and has no default. */
  readonly version: string | null;
  /** What it names itself; undefined where it names nothing. */
  readonly named: string | undefined;
}

type Asking = Pick<HttpRequest, 'headers' | 'path' | 'query'>;

/** Reads what a request names as its version. @param steps how many steps of a path stand before it */
export function requestVersion(request: Asking, config: VersionsConfig, steps: number): RequestVersion {
  const named = NAMED[config.by](request, config, steps);
  if (named === undefined) return { version: config.default, named };
  return { version: knownAs(named, config) ?? null, named };
}

const NAMED: Readonly<
  Record<VersionPlace, (request: Asking, config: VersionsConfig, steps: number) => string | undefined>
> = {
  // A step that is no known version is part of some other path.
  path: ({ path }, config, steps) => {
    const step = path.split('/').filter(Boolean)[steps] ?? '';
    const mark = config.name.toLowerCase();
    const version = step.toLowerCase().startsWith(mark) ? step.slice(mark.length) : '';
    return knownAs(version, config);
  },
  header: ({ headers }, { name }) => textOf(headers[name.toLowerCase()]),
  query: ({ query }, { name }) => textOf(query[name]),
  mediaType: ({ headers }, config) => {
    const ranges = mediaRanges(headers.accept ?? '').filter(({ quality }) => quality > 0);
    const wanted = ranges.toSorted((left, right) => right.quality - left.quality);
    const named = wanted.flatMap(({ parameters }) => parameters.get(config.name.toLowerCase()) ?? []);
    return named.find((version) => knownAs(version, config)) ?? named[0];
  },
};

/** Routes do not tell cases apart either. */
function knownAs(text: string, { known }: VersionsConfig): string | undefined {
  const lower = text.trim().toLowerCase();
  return known.find((version) => version.toLowerCase() === lower);
}

/** Of several none is meant. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}
