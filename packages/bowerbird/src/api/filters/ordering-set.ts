import { type QuerySet } from '#orm';

import { ParameterProblems } from './parameter-problems.js';
import {
  allTexts,
  nearestParameter,
  type ParameterDescription,
  type ParameterReader,
  type Parameters,
} from './parameters.js';

const ORDERING = 'ordering';

/** Most fields by which one request orders. */
const MOST_TERMS = 5;

/** The parameter that orders a list, described once at boot. */
export class OrderingSet implements ParameterReader {
  readonly parameters: readonly ParameterDescription[];
  private readonly known: ReadonlySet<string>;

  /** @param initial the order where a request asks for none; empty for that of the rows themselves */
  constructor(
    fields: readonly string[],
    readonly initial: readonly string[],
  ) {
    this.known = new Set(fields);
    this.parameters = Object.freeze(fields.length > 0 ? [describe(fields)] : []);
  }

  /** The rows in the order of a request, which pages make total. @throws BadParametersError unless the problems are collected */
  apply(rows: QuerySet, given: Parameters, collected?: ParameterProblems): QuerySet {
    const terms = this.terms(given, collected);
    return terms.length > 0 ? rows.orderBy(...(terms as readonly never[])) : rows;
  }

  /** The terms by which a request orders: paths, `-` in front for descending. @throws BadParametersError unless the problems are collected */
  terms(given: Parameters, collected?: ParameterProblems): readonly string[] {
    if (this.known.size === 0) return this.initial;
    return ParameterProblems.collect(collected, (problems) => {
      const texts = allTexts(given, ORDERING, problems);
      return texts ? this.read(texts.join(','), problems) : this.initial;
    });
  }

  private read(text: string, problems: ParameterProblems): readonly string[] {
    const terms = text.split(',').map((term) => term.trim());
    const paths = terms.map((term) => term.replace(/^-/, ''));
    const wrong = this.misuse(paths);
    if (wrong === undefined) return terms;
    problems.add(ORDERING, wrong);
    return this.initial;
  }

  private misuse(paths: readonly string[]): string | undefined {
    if (paths.length > MOST_TERMS) return `Order by at most ${MOST_TERMS} fields.`;
    const unknown = paths.find((path) => !this.known.has(path));
    if (unknown !== undefined) {
      const near = nearestParameter(unknown, this.known);
      const guess = near === undefined ? `There are: ${[...this.known].join(', ')}.` : `Did you mean "${near}"?`;
      return `The list cannot be ordered by "${unknown.slice(0, 80)}". ${guess}`;
    }
    return new Set(paths).size < paths.length ? 'Name each field only once.' : undefined;
  }
}

function describe(fields: readonly string[]): ParameterDescription {
  return {
    name: ORDERING,
    description: `Fields by which the list is ordered, separated by commas, with "-" in front for descending: ${fields.join(', ')}.`,
    schema: { type: 'array', items: { enum: fields.flatMap((field) => [field, `-${field}`]) }, maxItems: MOST_TERMS },
  };
}
