import { nearest } from '#core';
import { type HttpRequest } from '#http';
import { fittingValue } from '#orm';

import { type JsonSchema } from '../openapi/json-schema.js';
import { type ParameterProblems } from './parameter-problems.js';

/** One parameter of an address that a viewset understands. */
export interface ParameterDescription {
  readonly name: string;
  /** One sentence for readers of the API. */
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/** The parameters of one request: texts by name, in the order in which they came. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** What a viewset understands beside its path: filters, search, order, pages, what is shown. */
export interface ParameterReader {
  /** Parameters that it reads; all others are refused. */
  readonly parameters: readonly ParameterDescription[];
}

/** Most characters of one value. */
const LONGEST = 2_000;

/** A longer name was not meant to be a declared one. */
const LONGEST_NAME = 80;

/** The parameters of a request. */
export function readParameters({ query }: Pick<HttpRequest, 'query'>): Parameters {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string | readonly string[]] => entry[1] !== undefined,
  );
  return new Map(given.map(([name, value]) => [name, typeof value === 'string' ? [value] : value]));
}

/** The text of a parameter that is given once; undefined where it is not there or cannot be used, which is a problem. */
export function onlyText(given: Parameters, name: string, problems: ParameterProblems): string | undefined {
  const [text, ...others] = given.get(name) ?? [];
  if (others.length > 0) problems.add(name, 'Give this parameter only once.');
  return text === undefined || !isUsable(text, name, problems) ? undefined : text;
}

/** The texts of a parameter that may be given more than once; undefined where it is not there or cannot be used. */
export function allTexts(given: Parameters, name: string, problems: ParameterProblems): readonly string[] | undefined {
  const texts = given.get(name);
  return texts?.every((text) => isUsable(text, name, problems)) ? texts : undefined;
}

function isUsable(text: string, name: string, problems: ParameterProblems): boolean {
  if (text.length > LONGEST) problems.add(name, `Enter at most ${LONGEST} characters.`);
  else if (fittingValue('text', text) === undefined) problems.add(name, 'Some characters are not valid text.');
  else return true;
  return false;
}

/** The name of a declared parameter that is nearest to one that nobody declared. */
export function nearestParameter(name: string, known: Iterable<string>): string | undefined {
  return name.length > LONGEST_NAME ? undefined : nearest(name, known);
}
