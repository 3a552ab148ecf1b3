import { QueryFailedError } from 'typeorm';

import { isDatabaseError, MASK, maskDatabaseText } from '#core';

/** What of a database error may be printed: none of it holds a value or a row. */
const SHOWN: ReadonlySet<string> = new Set(
  'name message stack cause code errno sqlState severity schema table column constraint routine query'.split(' '),
);

/** Shorter texts occur in messages by chance. */
const SHORTEST_VALUE = 4;

/**
 * Takes the values out of what a printed database error shows. The parameters, the statement with its values (mysql2's
 * `sql`) and the rows (`detail` of PostgreSQL) can still be read from it, but loggers and inspectors, which print the
 * enumerable properties, do not meet them.
 */
export function concealValues(error: unknown): unknown {
  if (error instanceof QueryFailedError) {
    const driverError: unknown = error.driverError;
    if (driverError instanceof Error) conceal(driverError, []);
    conceal(error, Object.values(error.parameters ?? {}));
  } else if (error instanceof Error && isDatabaseError(error)) conceal(error, []);
  return error;
}

/** A way of sending whose errors show no values. */
export function concealed<A extends readonly unknown[]>(
  send: (...args: A) => Promise<unknown>,
): (...args: A) => Promise<unknown> {
  return (...args) =>
    send(...args).catch((error: unknown) => {
      throw concealValues(error);
    });
}

function conceal(error: Error, parameters: readonly unknown[]): void {
  for (const name of Object.keys(error))
    if (!SHOWN.has(name)) Object.defineProperty(error, name, { enumerable: false });
  const { message, stack } = error;
  const shown = textsOf(parameters).reduce((text, value) => text.replaceAll(value, MASK), maskDatabaseText(message));
  if (shown === message) return;
  error.message = shown;
  if (stack !== undefined) error.stack = stack.replace(message, () => shown);
}

/** The texts among parameters, the longest first, because one may be a part of another. */
function textsOf(parameters: readonly unknown[]): readonly string[] {
  return [parameters]
    .flat(3)
    .filter((value): value is string => typeof value === 'string' && value.length >= SHORTEST_VALUE)
    .sort((left, right) => right.length - left.length);
}
