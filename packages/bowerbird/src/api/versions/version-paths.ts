import { type VersionSet } from './version-set.js';
import { type VersionsConfig } from './versions.options.js';

/** Something that has one path, or one for each version. */
export interface Versioned {
  readonly versions: VersionSet;
  /** Its path from the root on, with a slash in front; null for that without a version. */
  readonly pathIn: (version: string | null) => string;
}

/** The path of a viewset: `/api/v2/posts` where versions are part of paths. */
export function versionedPath(
  prefix: string,
  own: string,
  version: string | null,
  config: VersionsConfig | null,
): string {
  const step = config?.by === 'path' && version !== null ? `${config.name}${version}` : '';
  const steps = [prefix, step, own].flatMap((part) => part.split('/')).filter(Boolean);
  return `/${steps.join('/')}`;
}

/** Every path at which something lies, with the version that it is for. */
export function pathsOf(
  { versions, pathIn }: Versioned,
  config: VersionsConfig | null,
): readonly (readonly [path: string, version: string | null])[] {
  if (config?.by !== 'path') return [[pathIn(null), null]];
  const bare = versions.neutral || (config.default !== null && versions.names.includes(config.default));
  const named = versions.names.map((version) => [pathIn(version), version] as const);
  return bare ? [...named, [pathIn(null), versions.neutral ? null : config.default]] : named;
}
