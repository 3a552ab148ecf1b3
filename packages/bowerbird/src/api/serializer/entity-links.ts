import { Injectable } from '@nestjs/common';

import { type Class } from '#core';
import { keyText } from '#forms';
import { type EntityDescription } from '#orm';

/** Where the rows of entities are found: the addresses of their viewsets. */
@Injectable()
export class EntityLinks {
  private readonly prefixes = new Map<Class, string>();

  /** Says where the rows of an entity are, from the root on: `/api/posts`. The first place counts. */
  add(entity: Class, prefix: string): void {
    if (!this.prefixes.has(entity)) this.prefixes.set(entity, prefix);
  }

  has(entity: Class): boolean {
    return this.prefixes.has(entity);
  }

  /** The address of a row; null where its entity has no viewset. */
  urlOf({ target }: EntityDescription, key: Parameters<typeof keyText>[0]): string | null {
    const prefix = this.prefixes.get(target);
    return prefix === undefined ? null : `${prefix}/${encodeURIComponent(keyText(key))}`;
  }

  /** The key in such an address, which may be absolute; undefined for any other text. */
  keyOf({ target }: EntityDescription, text: string): string | undefined {
    const prefix = this.prefixes.get(target);
    const path = prefix === undefined ? undefined : pathOf(text);
    if (!path?.startsWith(`${prefix}/`)) return undefined;
    return decoded(path.slice(prefix!.length + 1).replace(/\/$/, ''));
  }
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
