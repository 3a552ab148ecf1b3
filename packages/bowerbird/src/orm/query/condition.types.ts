import { type Expression } from './expressions/expression.js';
import { type BadMention } from './expressions/expression.types.js';
import { type CheckedLookups, type SuggestedLookup } from './lookup.types.js';
import { type IsUntyped } from './marks.types.js';
import { type Condition } from './q.js';

/** Lets editors complete names although any checked string is accepted. */
export type Suggested<Names> = Names | (string & {});

/**
 * What `filter` takes: lookups or a condition. Names near by are completed in editors and any other is let through, for
 * `Checked` to judge. It is no union because the compiler would intersect its members for each call.
 */
export type Conditions<E> = { readonly [K in SuggestedLookup<E>]?: unknown } & object;

/** What `filter` takes, each of its keys checked. */
export type Checked<E, L> =
  IsUntyped<E> extends true
    ? unknown
    : L extends Expression<infer T, infer N>
      ? CheckedTruth<E, T, N>
      : L extends Condition<infer M>
        ? Condition<M extends unknown ? CheckedPart<E, M> : never>
        : CheckedLookups<E, L>;

/** One of the things that a condition mentions. */
type CheckedPart<E, M> =
  M extends Expression<infer T, infer N>
    ? unknown extends CheckedTruth<E, T, N>
      ? M
      : CheckedTruth<E, T, N>
    : CheckedLookups<E, M>;

/** An expression that is true or false, and whose paths exist. */
type CheckedTruth<E, T, N> = [BadMention<E, N>] extends [never]
  ? [T] extends [boolean | null]
    ? unknown
    : Expression<boolean>
  : BadMention<E, N>;
