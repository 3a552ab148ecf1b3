import { DiscoveryService } from '@nestjs/core';

import { type FieldKind } from '../../describe/entity-description.js';
import { type Lookup } from './lookup.js';
import { type Transform } from './transform.js';

/** Marks a provider that brings lookups or transforms of the application's own, see {@link LookupSource}. */
export const CustomLookup = DiscoveryService.createDecorator<void>();

/** A lookup of the application's own: `{ name: 'like', kinds: ['string'], compile: (text, value) => sql`…` }`. */
export interface LookupDefinition extends Omit<Lookup, 'kinds'> {
  readonly kinds: readonly FieldKind[];
  readonly result?: undefined;
}

/** A transform of the application's own, told from a lookup by the kind of its result. */
export interface TransformDefinition extends Omit<Transform, 'kinds'> {
  readonly kinds: readonly FieldKind[];
}

/**
 * Lookups and transforms that an application adds: `filter({ name__soundsLike: 'Smith' })`. A provider marked
 * `@CustomLookup()` is asked once, at boot, and its definitions hold for every database; those that a database cannot
 * have throw in `compile`. Declare the types of new names by extending `CustomLookups`.
 * See https://docs.djangoproject.com/en/stable/howto/custom-lookups/
 */
export abstract class LookupSource {
  abstract readonly definitions: readonly (LookupDefinition | TransformDefinition)[];
}
