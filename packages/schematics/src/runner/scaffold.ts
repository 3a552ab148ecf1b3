import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { parseArguments, UsageError, usageOf } from './arguments.js';
import { schemaOf } from './option-schema.js';
import { type SchematicReport } from './run-schematic.js';
import { VERBS } from './verbs.js';

/** A verb of the command line, and where its words go. */
export interface ScaffoldCall {
  /** `startapp`, `make:entity`, … */
  readonly verb: string;
  /** What was typed behind it. */
  readonly args: readonly string[];
  /** A folder of the project; that of the process by default. */
  readonly folder?: string;
  /** Takes a line for standard output. */
  readonly out: (line: string) => void;
  /** Takes a line for standard error. */
  readonly err: (line: string) => void;
}

/** Runs a generator from the command line. The exit code is 0 on success, 1 when it cannot go on, 2 for a wrong command line. */
export async function scaffold(call: ScaffoldCall): Promise<number> {
  try {
    return await run(call);
  } catch (error) {
    if (!(error instanceof UsageError) && (error as Error).name !== 'SchematicError') throw error;
    call.err((error as Error).message);
    if (!(error instanceof UsageError)) return 1;
    call.err(`→ ${call.verb} --help`);
    return 2;
  }
}

async function run({ verb: name, args, folder = process.cwd(), out }: ScaffoldCall): Promise<number> {
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name]! : undefined;
  if (!verb) throw new UsageError(`There is no generator "${name}"; there are ${Object.keys(VERBS).join(', ')}`);
  const schema = schemaOf(verb.schematic);
  const { options, dryRun, help } = parseArguments(verb, schema, args);
  if (help) {
    out(usageOf(name, verb, schema));
    return 0;
  }
  const { runSchematic } = await import('./run-schematic.js');
  report(await runSchematic({ schematic: verb.schematic, options, root: projectFolder(folder), dryRun }), dryRun, out);
  return 0;
}

function report({ files, notes }: SchematicReport, dryRun: boolean, out: (line: string) => void): void {
  for (const { path, content, isNew } of files) {
    out(`${isNew ? 'CREATE' : 'UPDATE'} ${path} (${content.length} bytes)`);
  }
  if (files.length === 0) out('Nothing to do: all of it is there already.');
  else if (dryRun) out('Nothing was written.');
  else for (const note of notes) out(note);
}

/** The nearest folder at or above the given one that has a `package.json` or a `nest-cli.json`. */
function projectFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (['nest-cli.json', 'package.json'].some((file) => existsSync(join(current, file)))) return current;
    if (current === dirname(current)) return folder;
  }
}
