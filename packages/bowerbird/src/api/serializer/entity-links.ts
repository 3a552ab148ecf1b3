import { Injectable } from '@nestjs/common';

import { type Class } from '#core';
import { keyText } from '#forms';
import { type EntityDescription } from '#orm';

import { ApiVersions } from '../versions/api-versions.service.js';
import { type Versioned } from '../versions/version-paths.js';

/** Where the rows of entities are found: the addresses of their viewsets. */
@Injectable()
export class EntityLinks {
  private readonly places = new Map<Class, readonly Place[]>();

  constructor(private readonly versions: ApiVersions) {}

  /** Says where the rows of an entity are. The first place counts that has the version of a request. */
  add(entity: Class, { versions, pathIn }: Versioned): void {
    const paths = [null, ...versions.names].map((version) => pathIn(version));
    this.places.set(entity, [...(this.places.get(entity) ?? []), { versions, pathIn, paths: [...new Set(paths)] }]);
  }

  has(entity: Class): boolean {
    return this.places.has(entity);
  }

  /** The address of a row; null where its entity has no viewset. */
  urlOf({ target }: EntityDescription, key: Parameters<typeof keyText>[0]): string | null {
    const places = this.places.get(target);
    if (!places) return null;
    const place = (places.length > 1 && places.find((one) => this.versions.isCurrent(one))) || places[0]!;
    return `${this.versions.pathOf(place)}/${encodeURIComponent(keyText(key))}${this.versions.ending()}`;
  }

  /** The key in such an address, which may be absolute and of any version; undefined for any other text. */
  keyOf({ target }: EntityDescription, text: string): string | undefined {
    const known = this.places.get(target)?.flatMap(({ paths }) => paths) ?? [];
    const path = known.length > 0 ? pathOf(text) : undefined;
    const start = known.find((one) => path?.startsWith(`${one}/`));
    return start === undefined ? undefined : decoded(path!.slice(start.length + 1).replace(/\/$/, ''));
  }
}

interface Place extends Versioned {
  /** All of its paths. */
  readonly paths: readonly string[];
}

function pathOf(text: string): string | undefined {
  return URL.canParse(text, 'http://here') ? new URL(text, 'http://here').pathname : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
