import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type REPLServer } from 'node:repl';
import { callbackify } from 'node:util';

import { requireContext, runInside } from '#core';

import { shownValue } from './shown-value.js';

/** Where somebody types and reads. */
export interface ReplStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Whether both are a terminal: colors, arrow keys, history. */
  readonly terminal: boolean;
}

/** Where the lines of earlier sessions are kept; false for nowhere. */
export type HistoryFile = string | false;

/** `.bowerbird_shell_history` in the home of the account. */
export const HISTORY = '.bowerbird_shell_history';

type Done = (error: Error | null, result?: unknown) => void;

/** Reads, evaluates and prints until the input ends. Each line runs in the current context. */
export async function runRepl(
  names: ReadonlyMap<string, unknown>,
  streams: ReplStreams,
  history: HistoryFile = join(homedir(), HISTORY),
): Promise<void> {
  // Values of another realm would be no Date and no Error to the rest of the application.
  const forget = lend(names);
  try {
    // Node's REPL loads its domains, which from then on stand in the way of every event of the process.
    const { start } = await import('node:repl');
    const server = start({ ...streams, prompt: '> ', useGlobal: true });
    watch(server);
    if (streams.terminal && history !== false) await remember(server, history);
    await once(server, 'exit');
  } finally {
    forget();
  }
}

/** Lets lines run in the current context, and shows the rows of a query instead of the query. */
function watch(server: REPLServer): void {
  const context = requireContext();
  const evaluate = server.eval.bind(server);
  const show = callbackify(shownValue);
  const watched: typeof evaluate = (code, realm, file, done: Done) =>
    runInside(context, () =>
      evaluate.call(server, code, realm, file, (error, result) => {
        if (error) done(error);
        else show(result, done);
      }),
    );
  Object.assign(server, { eval: watched });
}

function remember(server: REPLServer, path: string): Promise<void> {
  return new Promise((resolve) => server.setupHistory(path, () => resolve()));
}

/** Makes names global and returns what takes them back. */
function lend(names: ReadonlyMap<string, unknown>): () => void {
  for (const [name, value] of names)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    for (const name of names.keys()) Reflect.deleteProperty(globalThis, name);
  };
}
