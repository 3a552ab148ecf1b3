import { inspect } from 'node:util';

/** A thrown value for the log, with its stack and causes. Getters of hostile values may throw; this never does. */
export function inspectThrown(thrown: unknown): string {
  try {
    return inspect(thrown);
  } catch {
    return `a value of type ${typeof thrown} that cannot be shown`;
  }
}

/** What a thrown value says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : inspectThrown(thrown);
}
