import { UnknownParameterError } from '../api.errors.js';
import { nearestParameter, type ParameterReader, type Parameters } from './parameters.js';

/** Most unknown parameters that are told at once. */
const MOST_TOLD = 10;

/** Refuses parameters that none of the readers knows, since a misspelt filter would show rows that it should hide. @throws UnknownParameterError */
export function checkUnknown(given: Parameters, readers: readonly ParameterReader[]): void {
  if ([...given.keys()].every((name) => readers.some((reader) => knows(reader, name)))) return;
  const known = new Set(readers.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  const unknown = [...given.keys()].filter((name) => !known.has(name)).slice(0, MOST_TOLD);
  throw new UnknownParameterError(unknown.map((name) => [name, nearestParameter(name, known)] as const));
}

function knows({ parameters }: ParameterReader, name: string): boolean {
  return parameters.some((parameter) => parameter.name === name);
}
