import { VERSION_METADATA } from '@nestjs/common/constants.js';

import { type Class } from '#core';

import { type VersionOption } from '../versions/version-set.js';

/** What `@Version()` of Nest says of a method; undefined where it says nothing. */
export function methodVersion({ prototype }: Class, name: string): VersionOption | undefined {
  const { value } = Object.getOwnPropertyDescriptor(holderOf(prototype as object, name) ?? {}, name) ?? {};
  return typeof value === 'function'
    ? (Reflect.getMetadata(VERSION_METADATA, value) as VersionOption | undefined)
    : undefined;
}

/** What the decorator of a controller says; undefined where it says nothing. */
export function classVersion(type: Class): VersionOption | undefined {
  return Reflect.getMetadata(VERSION_METADATA, type) as VersionOption | undefined;
}

/** Where a member is found; getters are not run. */
function holderOf(prototype: object, name: string): object | null {
  let level: object | null = prototype;
  while (level && !Object.hasOwn(level, name)) level = Object.getPrototypeOf(level) as object | null;
  return level;
}
