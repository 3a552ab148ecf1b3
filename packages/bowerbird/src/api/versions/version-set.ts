import { VERSION_NEUTRAL } from '@nestjs/common';

import { type VersionsConfig } from './versions.options.js';

/** A version of the API, or several; `VERSION_NEUTRAL` of Nest stands for requests that need to name none. */
export type VersionOption = string | typeof VERSION_NEUTRAL | readonly (string | typeof VERSION_NEUTRAL)[];

/** The versions in which something answers. */
export interface VersionSet {
  readonly names: readonly string[];
  /** Whether it also answers requests that name none. */
  readonly neutral: boolean;
}

/**
 * What an option means: no word of versions is all of them. What is neutral lies outside of versions in paths, and
 * answers in each of them where the address is the same for all.
 */
export function versionSet(option: VersionOption | undefined, config: VersionsConfig | null): VersionSet {
  const given = option === undefined ? [] : [option].flat();
  const neutral = given.includes(VERSION_NEUTRAL);
  const named = given.filter((version) => typeof version === 'string');
  if (!config) return Object.freeze({ names: named, neutral: neutral || named.length === 0 });
  const everywhere = option === undefined || (option === VERSION_NEUTRAL && config.by !== 'path');
  return Object.freeze({ names: everywhere ? config.known : named, neutral });
}

/** Whether something answers in a version; null for requests that name none and have no default. */
export function answersIn({ names, neutral }: VersionSet, version: string | null): boolean {
  return version === null ? neutral : names.includes(version);
}

/** Whether two things could be asked for by one request. */
export function overlap(left: VersionSet, right: VersionSet): boolean {
  return (left.neutral && right.neutral) || left.names.some((version) => right.names.includes(version));
}
