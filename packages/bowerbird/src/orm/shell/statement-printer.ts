import { type QueryRecord } from '#core';

/** A log of statements that prints each instead of keeping it. */
export function statementPrinter(print: (line: string) => void): QueryRecord[] {
  const push = (...records: readonly QueryRecord[]): number => {
    for (const { sql, duration } of records) print(`-- ${duration.toFixed(1)} ms\n${sql}`);
    return 0;
  };
  return Object.assign([] as QueryRecord[], { push });
}
