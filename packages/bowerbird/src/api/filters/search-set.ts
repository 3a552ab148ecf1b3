import { applySearch, type QuerySet, type SearchField } from '#orm';

import { ParameterProblems } from './parameter-problems.js';
import { onlyText, type ParameterDescription, type ParameterReader, type Parameters } from './parameters.js';

const SEARCH = 'search';

/** Most characters of a search. */
const LONGEST = 200;

/** The parameter that looks for words in some fields, described once at boot. */
export class SearchSet implements ParameterReader {
  readonly parameters: readonly ParameterDescription[];

  constructor(private readonly fields: readonly SearchField[]) {
    this.parameters = Object.freeze(fields.length > 0 ? [describe(fields)] : []);
  }

  /** The rows in which every word is found, in any of the fields. @throws BadParametersError unless the problems are collected */
  apply(rows: QuerySet, given: Parameters, collected?: ParameterProblems): QuerySet {
    if (this.fields.length === 0) return rows;
    return ParameterProblems.collect(collected, (problems) => {
      const text = onlyText(given, SEARCH, problems) ?? '';
      if (text.length <= LONGEST) return applySearch(rows, this.fields, text);
      problems.add(SEARCH, `Enter at most ${LONGEST} characters.`);
      return rows;
    });
  }
}

function describe(fields: readonly SearchField[]): ParameterDescription {
  const paths = fields.map(({ path }) => path).join(', ');
  return {
    name: SEARCH,
    description: `Words that are looked for in ${paths}; all of them must be found. Quotes keep words together.`,
    schema: { type: 'string', maxLength: LONGEST },
  };
}
