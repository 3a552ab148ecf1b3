import { type FieldKind, type ResolvedPath } from '#orm';

/** What the value of a parameter is. */
export type LookupInput = 'value' | 'list' | 'text' | 'boolean' | 'date' | 'year';

/** One way to compare a field with what an address gives. */
export interface FilterLookup {
  /** Name behind `__` in the parameter; the one without a suffix is `exact`. */
  readonly name: string;
  readonly takes: LookupInput;
  /** What it asks, behind the label of the field. */
  readonly asks: string;
  readonly suits: (target: ResolvedPath) => boolean;
}

const TEXTS: readonly FieldKind[] = ['string', 'text'];
const ORDERED: readonly FieldKind[] = ['integer', 'bigint', 'float', 'decimal', 'date', 'time', 'datetime'];
const COMPARED: readonly FieldKind[] = [...TEXTS, ...ORDERED, 'boolean', 'uuid', 'enum'];

type Suits = FilterLookup['suits'];

const ofKind =
  (...kinds: readonly FieldKind[]): Suits =>
  ({ field }) =>
    field !== null && kinds.includes(field.kind);
const compared: Suits = (target) => target.relation !== null || ofKind(...COMPARED)(target);
const listed: Suits = (target) => compared(target) && target.field?.kind !== 'boolean';

/** Every lookup that an address may ask for, in the order in which they are described. */
export const FILTER_LOOKUPS: readonly FilterLookup[] = [
  { name: 'exact', takes: 'value', asks: 'is this', suits: compared },
  { name: 'ne', takes: 'value', asks: 'is not this', suits: compared },
  { name: 'gt', takes: 'value', asks: 'is greater than this', suits: ofKind(...ORDERED) },
  { name: 'gte', takes: 'value', asks: 'is at least this', suits: ofKind(...ORDERED) },
  { name: 'lt', takes: 'value', asks: 'is less than this', suits: ofKind(...ORDERED) },
  { name: 'lte', takes: 'value', asks: 'is at most this', suits: ofKind(...ORDERED) },
  { name: 'in', takes: 'list', asks: 'is one of these, separated by commas', suits: listed },
  { name: 'notIn', takes: 'list', asks: 'is none of these, separated by commas', suits: listed },
  { name: 'contains', takes: 'text', asks: 'holds this', suits: ofKind(...TEXTS) },
  { name: 'icontains', takes: 'text', asks: 'holds this in any case', suits: ofKind(...TEXTS) },
  { name: 'startswith', takes: 'text', asks: 'starts with this', suits: ofKind(...TEXTS) },
  { name: 'istartswith', takes: 'text', asks: 'starts with this in any case', suits: ofKind(...TEXTS) },
  { name: 'endswith', takes: 'text', asks: 'ends with this', suits: ofKind(...TEXTS) },
  { name: 'iendswith', takes: 'text', asks: 'ends with this in any case', suits: ofKind(...TEXTS) },
  { name: 'date', takes: 'date', asks: 'is on this day', suits: ofKind('datetime') },
  { name: 'year', takes: 'year', asks: 'is in this year', suits: ofKind('date', 'datetime') },
  {
    name: 'isnull',
    takes: 'boolean',
    asks: 'is not there',
    suits: (target) => compared(target) && (target.nullable || target.many),
  },
];

/** The lookups that make sense for what a path leads to. */
export function lookupsOf(target: ResolvedPath): readonly FilterLookup[] {
  return FILTER_LOOKUPS.filter(({ suits }) => suits(target));
}
