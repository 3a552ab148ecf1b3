import { type VersionSet } from './version-set.js';
import { type VersionsConfig } from './versions.options.js';

/** Something that has one path, or one for each version. */
export interface Versioned {
  readonly versions: VersionSet;
  /** Its path from the root on, with a slash in front; null for that without a version. */
  readonly pathIn: (version: string | null) => string;
}

/** The paths of a viewset: `/api/v2/posts` where versions are part of paths. */
export function versionedPaths(prefix: string, own: string, config: VersionsConfig | null): Versioned['pathIn'] {
  const bare = joined(prefix, own);
  if (config?.by !== 'path') return () => bare;
  return (version) => (version === null ? bare : joined(prefix, `${config.name}${version}`, own));
}

function joined(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
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
