import { Expression } from './expressions/expression.js';
import { QueryUsageError } from './query.errors.js';

/** Lookups by name with values that were not checked yet. */
export type Lookups = Readonly<Record<string, unknown>>;

/** A condition as data: a tree whose leaves are lookups. */
export type Where =
  | { readonly op: 'lookups'; readonly lookups: Lookups }
  | { readonly op: 'expression'; readonly expression: Expression }
  | { readonly op: 'and' | 'or'; readonly parts: readonly Where[] }
  | { readonly op: 'not'; readonly part: Where };

/**
 * A condition that combines with others (Django's `Q`). Immutable; `L` collects the lookups that it mentions, so that
 * `filter` can check them against its entity.
 */
export class Condition<L = Lookups> {
  // Protected, not private: declaration files leave the types of private members out.
  declare protected readonly mentions: L;

  constructor(readonly where: Where) {}

  /** Rows that match this and the other condition. */
  and<M extends object>(other: M | Condition<M>): Condition<L | NoInfer<M>> {
    return new Condition(together('and', this.where, whereOf(other)));
  }

  /** Rows that match this or the other condition. */
  or<M extends object>(other: M | Condition<M>): Condition<L | NoInfer<M>> {
    return new Condition(together('or', this.where, whereOf(other)));
  }

  /** Rows that match one of the two conditions, and not both. */
  xor<M extends object>(other: M | Condition<M>): Condition<L | NoInfer<M>> {
    const [one, two] = [this.where, whereOf(other)];
    const only = (here: Where, there: Where): Where => ({ op: 'and', parts: [here, { op: 'not', part: there }] });
    return new Condition({ op: 'or', parts: [only(one, two), only(two, one)] });
  }

  /** Rows that do not match, those included for which the database cannot tell (NULL). */
  not(): Condition<L> {
    return new Condition({ op: 'not', part: this.where });
  }
}

/** One level however many conditions are put together one by one: databases take only so many within each other. */
function together(op: 'and' | 'or', ...conditions: readonly Where[]): Where {
  return { op, parts: conditions.flatMap((where) => (where.op === op ? where.parts : [where])) };
}

/**
 * Makes a condition of lookups, all of which must hold: `Q({ tags: spam }).or({ 'author.name__icontains': 'bot' })`.
 * See https://docs.djangoproject.com/en/stable/topics/db/queries/#complex-lookups-with-q-objects
 */
export function Q<const L extends object>(lookups: L): Condition<NoInfer<L>> {
  return new Condition(whereOf(lookups));
}

/** The tree of a condition, of an expression that is true or false, or of plain lookups. */
export function whereOf(condition: object): Where {
  if (condition instanceof Condition) return condition.where;
  if (condition instanceof Expression) return { op: 'expression', expression: condition };
  // Dates, maps, promises and other objects of JavaScript's own have no names that could be lookups.
  if (Object.prototype.toString.call(condition) === '[object Object]')
    return { op: 'lookups', lookups: { ...condition } };
  throw new QueryUsageError('A condition is an object of lookups, a Q or an expression, and never left empty', {
    hint: 'Use when() for a filter that is optional',
  });
}
