import { type CommandIo, type CommandSpec } from '#core';

import { loadSchematics } from './drivers/schematics.driver.js';

/** The verbs that generate code. Their arguments are told by the generators: `make:entity --help`. */
export const SCAFFOLDING: readonly CommandSpec[] = [
  { name: 'startapp', description: 'Generate an app: a module with its test, listed in the settings' },
  { name: 'make:entity', description: 'Generate an entity with its test: make:entity catalog Product title:string' },
  { name: 'make:admin', description: 'Generate an admin class for an entity' },
  { name: 'make:form', description: 'Generate a form with its test' },
  { name: 'make:serializer', description: 'Generate a serializer of an entity with its test' },
  { name: 'make:viewset', description: 'Generate a viewset that serves an entity as an API, with its test' },
  { name: 'make:command', description: 'Generate a management command with its test' },
  { name: 'make:job', description: 'Generate a background job with its test' },
  { name: 'make:notification', description: 'Generate a notification with the templates of its mail and its test' },
  { name: 'make:middleware', description: 'Generate a step of the request pipeline with its test' },
  { name: 'make:migration', description: 'Generate a migration without operations' },
  { name: 'make:test', description: 'Generate a test that boots an app' },
];

/** What was typed, when it asks for a generator: the verb and the words behind it. */
export type Scaffold = readonly [verb: string, ...args: string[]];

/** Reads the arguments of the process; undefined when they ask for something else. */
export function scaffoldOf([first, second, ...rest]: readonly string[]): Scaffold | undefined {
  if (first === 'help' && second !== undefined && generates(second)) return [second, '--help'];
  if (first === undefined || !generates(first)) return undefined;
  return second === undefined ? [first] : [first, second, ...rest];
}

/** Runs a generator and returns the exit code. */
export async function scaffold([verb, ...args]: Scaffold, io: CommandIo | undefined, folder?: string): Promise<number> {
  const out = (line: string): void => (io ? io.out(line) : void process.stdout.write(`${line}\n`));
  const err = (line: string): void => (io ? io.err(line) : void process.stderr.write(`${line}\n`));
  try {
    const schematics = await loadSchematics();
    return await schematics.scaffold({ verb, args, out, err, ...(folder !== undefined && { folder }) });
  } catch (error) {
    const { FrameworkError, showThrown } = await import('#core');
    const known = error instanceof FrameworkError;
    err(known ? `${error.code}: ${error.message}${error.hint ? `\n→ ${error.hint}` : ''}` : showThrown(error));
    return 1;
  }
}

function generates(verb: string): boolean {
  return SCAFFOLDING.some(({ name }) => name === verb);
}
