import { inspect } from 'node:util';

import { QueryHandle } from './query-handle.js';
import { QueryUsageError } from './query.errors.js';

/** Characters of an argument that a message shows. */
const SHOWN = 60;

/** Paths as methods take them. @throws QueryUsageError for anything but texts */
export function pathsOnly<P extends readonly unknown[]>(method: string, given: P): P {
  const wrong = given.find((path) => typeof path !== 'string');
  if (wrong !== undefined || given.includes(undefined)) throw unfit(method, 'paths as texts', wrong);
  return given;
}

/** Values by name. @throws QueryUsageError for anything but a plain object */
export function recordOnly<G>(method: string, given: G, what: string): G {
  if (isRecord(given)) return given;
  throw unfit(method, `${what} by name`, given);
}

/** Options, which may be left out. @throws QueryUsageError for anything but an object */
export function optionsOnly<G>(method: string, given: G): G {
  if (isRecord(given)) return given;
  throw unfit(method, 'an object of options', given);
}

/** Other queries. @throws QueryUsageError for anything else */
export function queriesOnly<G extends readonly unknown[]>(method: string, given: G): G {
  const wrong = given.findIndex((query) => !(query instanceof QueryHandle));
  if (wrong >= 0) throw unfit(method, 'query sets', given[wrong]);
  return given;
}

/** A list. @throws QueryUsageError for anything else */
export function listOnly<G>(method: string, given: G, what: string): G {
  if (Array.isArray(given)) return given;
  throw unfit(method, `a list of ${what}`, given);
}

/** How many rows. @throws QueryUsageError for anything but a whole number from 0 */
export function wholeOnly<G>(method: string, given: G, what: string): G {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return given;
  throw unfit(method, what, given);
}

/** Several values of any kind. @throws QueryUsageError for what cannot be gone through */
export function iterableOnly<G>(method: string, given: G, what: string): G {
  if (typeof given === 'object' && given !== null && Symbol.iterator in given) return given;
  throw unfit(method, what, given);
}

/** A function or a class. @throws QueryUsageError for anything else */
export function functionOnly<G>(method: string, given: G, what: string): G {
  if (typeof given === 'function') return given;
  throw unfit(method, what, given);
}

/** A text. @throws QueryUsageError for anything else */
export function textOnly<G>(method: string, given: G, what: string): G {
  if (typeof given === 'string') return given;
  throw unfit(method, what, given);
}

/** The error for an argument of another kind, which it shows. */
export function unfit(method: string, takes: string, given: unknown): QueryUsageError {
  const text = given instanceof QueryHandle ? 'a query set' : inspect(given, { depth: 0, breakLength: Infinity });
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new QueryUsageError(`${method}() takes ${takes}, got ${shown}`);
}

function isRecord(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof QueryHandle);
}
