import { NoteKey } from '#core';

/** What computed values look like. */
export type ComputedType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'object' | 'array';

/** What a computed value is and what it is made of. */
export interface ComputedOptions {
  /** For the API's description; anything unless said. */
  readonly type?: ComputedType;
  /** Whether it may be null. */
  readonly nullable?: boolean;
  /** One sentence for readers of the API. */
  readonly help?: string;
  /** The only fields and relations of the row that the method reads; without it all fields are loaded. */
  readonly needs?: readonly string[];
}

export const COMPUTED = new NoteKey<ComputedOptions>('computed value');

/** Describes a method of a serializer that computes a value: `@Computed({ type: 'integer', needs: ['body'] })`. */
export function Computed(options: ComputedOptions): MethodDecorator {
  return (target, member) => COMPUTED.write(target.constructor, options, member);
}
