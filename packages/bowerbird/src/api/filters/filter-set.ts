import { FieldError, Q, type Condition, type QuerySet } from '#orm';

import { ExpressionError, readExpression } from './filter-expression.js';
import { type FilterParameter } from './filter-parameter.js';
import { splitList } from './list-text.js';
import { ParameterProblems } from './parameter-problems.js';
import { allTexts, onlyText, type ParameterDescription, type ParameterReader, type Parameters } from './parameters.js';

/** Most values of one list. */
const MOST_VALUES = 100;

/** A condition of lookups that nothing is known of before the application runs. */
type AnyCondition = Condition<object>;

/** The parameters by which a list is narrowed, described once at boot. */
export class FilterSet implements ParameterReader {
  readonly parameters: readonly ParameterDescription[];
  private readonly byName: ReadonlyMap<string, FilterParameter>;

  /** @param expression name of the parameter for conditions that are put together; null for none */
  constructor(
    filters: readonly FilterParameter[],
    private readonly expression: string | null,
  ) {
    this.byName = new Map(filters.map((filter) => [filter.description.name, filter]));
    const described = [...this.byName.values()].map(({ description }) => description);
    this.parameters = Object.freeze(
      expression === null ? described : [...described, describeExpression(expression, described)],
    );
  }

  /**
   * The rows that match all filters of a request, each of them once. Filters of related rows speak of the same row.
   * @throws BadParametersError unless the problems are collected
   */
  apply(rows: QuerySet, given: Parameters, collected?: ParameterProblems): QuerySet {
    return ParameterProblems.collect(collected, (problems) => {
      const request = { rows, given, problems };
      const [first, ...others] = [...given.keys()].flatMap((name) => this.conditionOf(name, request) ?? []);
      return first ? rows.filter(others.reduce((all, one) => all.and(one), first) as never) : rows;
    });
  }

  /** What a parameter asks for; undefined for one that is no filter, or has a problem. */
  private conditionOf(name: string, request: FilterRequest): AnyCondition | undefined {
    const filter = this.byName.get(name);
    if (!filter) return name === this.expression ? this.readExpression(name, request) : undefined;
    const texts = textsOf(name, filter, request);
    const read = texts && conditionOf(filter, texts, request.rows);
    if (typeof read !== 'string') return read;
    request.problems.add(name, read);
    return undefined;
  }

  private readExpression(name: string, { rows, given, problems }: FilterRequest): AnyCondition | undefined {
    const text = onlyText(given, name, problems);
    if (text === undefined) return undefined;
    try {
      return readExpression(text, this.byName, (filter, texts) => conditionOf(filter, texts, rows));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.add(name, error.message);
      return undefined;
    }
  }
}

/** A request whose filters are read. */
interface FilterRequest {
  readonly rows: QuerySet;
  readonly given: Parameters;
  readonly problems: ParameterProblems;
}

function textsOf(
  name: string,
  { list }: FilterParameter,
  { given, problems }: FilterRequest,
): readonly string[] | undefined {
  if (!list) {
    const text = onlyText(given, name, problems);
    return text === undefined ? undefined : [text];
  }
  const lists = allTexts(given, name, problems)?.map(splitList);
  if (lists?.some((items) => items === undefined))
    problems.add(name, 'Enter values separated by commas, with quotes in pairs.');
  return lists?.flatMap((items) => items ?? []);
}

/** What a filter means with some texts, or what is wrong with them. */
function conditionOf(
  { list, reader, unsure, where }: FilterParameter,
  texts: readonly string[],
  rows: QuerySet,
): AnyCondition | string {
  if (texts.length > MOST_VALUES) return `Enter at most ${MOST_VALUES} values.`;
  const values = texts.map((text) => reader.read(text));
  const wrong = values.indexOf(undefined);
  if (wrong >= 0) return reader.messageFor(texts[wrong]!);
  const value = list ? values : values[0];
  const condition = Q(where(value));
  return unsure(value) && !isComparable(rows, condition) ? 'This value cannot be compared.' : condition;
}

/** Whether the database can compare with what a condition holds. */
function isComparable(rows: QuerySet, condition: AnyCondition): boolean {
  try {
    return rows.filter(condition as never).toSQL().sql !== '';
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}

function describeExpression(name: string, filters: readonly ParameterDescription[]): ParameterDescription {
  const [first = 'name', second = first] = filters.map((filter) => filter.name);
  return {
    name,
    description: `Conditions put together by and(…), or(…) and not(…): or(${first}=…,not(${second}=…)). Lists stand in parentheses, texts with commas or parentheses in quotes.`,
    schema: { type: 'string' },
  };
}
