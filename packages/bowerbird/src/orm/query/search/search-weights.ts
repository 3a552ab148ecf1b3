import { QueryUsageError } from '../query.errors.js';
import { type SearchWeight, type SearchWeights } from './search-document.js';

/** Those of PostgreSQL. */
const USUAL: SearchWeights = { A: 1, B: 0.4, C: 0.2, D: 0.1 };

/** What the weights come to. @throws QueryUsageError for what is not between 0 and 1 */
export function weightsOf(given: Partial<SearchWeights> = {}): SearchWeights {
  const weights = { ...USUAL, ...given };
  for (const [name, value] of Object.entries(weights))
    if (!isWeight(name) || typeof value !== 'number' || !(value >= 0 && value <= 1))
      throw new QueryUsageError(`The weight ${name} cannot be ${String(value)}`, {
        hint: 'Weights are named A, B, C and D and come to a number from 0 to 1',
      });
  return weights;
}

/** Whether a name is that of a weight. */
export function isWeight(name: unknown): name is SearchWeight {
  return typeof name === 'string' && Object.hasOwn(USUAL, name);
}
