import { nearest } from '#core';
import { type Condition } from '#orm';

import { type FilterParameter } from './filter-parameter.js';
import { itemAt, skipSpaces } from './list-text.js';

type AnyCondition = Condition<object>;

/** A text that is no filter expression; the message says where and why. */
export class ExpressionError extends Error {}

/** Makes the condition of a filter, or says what is wrong with its values. */
export type ConditionOf = (filter: FilterParameter, texts: readonly string[]) => AnyCondition | string;

/** Most levels of groups in groups. */
const DEEPEST = 6;

/** Most conditions in one expression. */
const MOST_CONDITIONS = 50;

const NAME = /[\w.$]+/y;

type Combine = (parts: readonly AnyCondition[]) => AnyCondition;

const GROUPS: ReadonlyMap<string, Combine> = new Map<string, Combine>([
  ['and', (parts) => parts.reduce((all, one) => all.and(one))],
  ['or', (parts) => parts.reduce((either, one) => either.or(one))],
  ['not', ([part]) => part!.not()],
]);

/**
 * Reads `or(status=draft,and(featured=true,id__in=(1,2)),not(title__icontains='a,b'))`: the names of filters, compared
 * with values that stand in quotes where they hold commas or parentheses. @throws ExpressionError
 */
export function readExpression(
  text: string,
  filters: ReadonlyMap<string, FilterParameter>,
  condition: ConditionOf,
): AnyCondition {
  return new ExpressionReader(text, filters, condition).whole();
}

class ExpressionReader {
  private place = 0;
  private conditions = 0;

  constructor(
    private readonly text: string,
    private readonly filters: ReadonlyMap<string, FilterParameter>,
    private readonly condition: ConditionOf,
  ) {}

  whole(): AnyCondition {
    const found = this.part(0);
    if (this.next() !== '') this.fail('there is more behind the end');
    return found;
  }

  private part(depth: number): AnyCondition {
    const start = this.toNext();
    const name = this.name();
    const group = GROUPS.get(name);
    return group && this.next() === '(' ? this.group(name, group, depth) : this.comparison(name, start);
  }

  private group(name: string, combine: Combine, depth: number): AnyCondition {
    if (depth >= DEEPEST) this.fail(`groups stand in each other more than ${DEEPEST} times`);
    const parts: AnyCondition[] = [];
    do {
      this.place += 1;
      parts.push(this.part(depth + 1));
    } while (this.next() === ',');
    if (name === 'not' && parts.length > 1) this.fail('not(…) takes one condition');
    this.expect(')');
    return combine(parts);
  }

  private comparison(name: string, start: number): AnyCondition {
    const filter = this.filters.get(name);
    if (!filter) return this.unknown(name, start);
    this.conditions += 1;
    if (this.conditions > MOST_CONDITIONS) this.fail(`there are more than ${MOST_CONDITIONS} conditions`);
    this.expect('=');
    const valueStart = this.toNext();
    const texts = filter.list && this.next() === '(' ? this.list() : [this.value()];
    const found = this.condition(filter, texts);
    return typeof found === 'string' ? this.fail(`${name}: ${found}`, valueStart) : found;
  }

  private list(): readonly string[] {
    const texts: string[] = [];
    do {
      this.place += 1;
      this.toNext();
      texts.push(this.value());
    } while (this.next() === ',');
    this.expect(')');
    return texts;
  }

  private value(): string {
    const item = itemAt(this.text, this.place, ',()');
    if (!item) return this.fail('this quote is never closed');
    this.place = item.end;
    return item.text;
  }

  private name(): string {
    NAME.lastIndex = this.place;
    const [name] = NAME.exec(this.text) ?? [];
    if (name === undefined) return this.fail('the name of a filter is expected');
    this.place += name.length;
    return name;
  }

  private unknown(name: string, start: number): never {
    const known = name.length > 80 ? undefined : nearest(name, [...this.filters.keys(), ...GROUPS.keys()]);
    return this.fail(
      `there is no filter "${name.slice(0, 80)}"${known === undefined ? '' : `; did you mean "${known}"?`}`,
      start,
    );
  }

  private expect(character: string): void {
    if (this.next() !== character) this.fail(`"${character}" is expected`);
    this.place += 1;
  }

  /** The next character that is no space; empty at the end. */
  private next(): string {
    return this.text.charAt(this.toNext());
  }

  private toNext(): number {
    this.place = skipSpaces(this.text, this.place);
    return this.place;
  }

  /** Positions are counted from 1. */
  private fail(reason: string, place = this.place): never {
    throw new ExpressionError(`At character ${place + 1}: ${reason}.`.replace(/[.?]\.$/, (end) => end.charAt(0)));
  }
}
