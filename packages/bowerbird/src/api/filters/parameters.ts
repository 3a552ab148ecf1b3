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

const READ = Symbol('bowerbird:parameters of an address');
const TAKEN = Symbol('bowerbird:parameters of a body');

/** Express takes the address apart whenever it is asked for the query; here it is done once. */
type Carrier = Pick<HttpRequest, 'query'> & { [READ]?: Parameters; [TAKEN]?: Parameters };

/** The parameters of a request: those of its address, and of its body where that was taken as a query. */
export function readParameters(request: Pick<HttpRequest, 'query'>): Parameters {
  const carrier = request as Carrier;
  return carrier[TAKEN] ?? (carrier[READ] ??= parametersOf(carrier));
}

function parametersOf({ query }: Pick<HttpRequest, 'query'>): Parameters {
  const given = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) given.set(name, typeof value === 'string' ? [value] : value);
  return given;
}

/** Adds the parameters of a body to those of the address. What stands in both is given twice. */
export function takeParameters(request: Pick<HttpRequest, 'query'>, more: Parameters): void {
  const given = new Map(readParameters(request));
  for (const [name, texts] of more) given.set(name, [...(given.get(name) ?? []), ...texts]);
  (request as Carrier)[TAKEN] = given;
}

/** Where a request is with all of its parameters: those that came in a body stand in the address too. */
export function addressWithParameters<A extends Pick<HttpRequest, 'protocol' | 'host' | 'originalUrl' | 'query'>>(
  request: A,
): Pick<A, 'protocol' | 'host' | 'originalUrl'> {
  if (!(request as Carrier)[TAKEN]) return request;
  const { protocol, host, originalUrl } = request;
  const pairs = [...readParameters(request)].flatMap(([name, texts]) =>
    texts.map((text): [string, string] => [name, text]),
  );
  const [path = ''] = originalUrl.split('?', 1);
  const query = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
  return { protocol, host, originalUrl: path + query };
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
