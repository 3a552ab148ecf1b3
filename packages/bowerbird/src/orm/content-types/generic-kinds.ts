import { type Class } from '#core';

import { type QueryEngine } from '../query/query-engine.js';
import { ContentTypesMissingError } from './content-types.errors.js';

/** An entity that generic references lead to, and what reads its rows. */
export interface GenericKind {
  readonly entity: Class;
  readonly engine: QueryEngine;
}

/** Finds the entities that content types stand for; {@link ContentTypes} does. */
export interface KindSource {
  /** By the ids of content types; those whose entity is gone are left out. */
  kindsOf(ids: readonly number[]): Promise<ReadonlyMap<number, GenericKind>>;
}

/** What queries of an application know of content types, once the module of these is there. */
export class GenericKinds {
  private source: KindSource | undefined;

  attach(source: KindSource): void {
    this.source = source;
  }

  /** @throws ContentTypesMissingError */
  async of(ids: readonly number[], what: string): Promise<ReadonlyMap<number, GenericKind>> {
    if (!this.source) throw new ContentTypesMissingError(what);
    return this.source.kindsOf(ids);
  }
}
