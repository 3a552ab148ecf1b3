import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import {
  APPLICATION,
  BOOT_PLAN,
  CommandRegistry,
  DuplicateCommandError,
  FrameworkError,
  runInContext,
  runWith,
  SettingsError,
  showThrown,
  UnknownCommandError,
  type CommandIo,
  type CommandSpec,
} from '#core';

import { ModuleRefHandle } from '../boot/module-ref-handle.js';
import { CheckFailedError } from '../framework.errors.js';
import { outlineApplication } from './application-outline.js';
import { CommandLogger } from './boot-logger.js';
import { parseCommandLine, type Invocation } from './command-line.js';
import { serve, type Configure } from './serve.js';
import { TerminalIo } from './terminal-io.js';

/** How {@link manage} runs; everything has a default. */
export interface ManageOptions {
  /** The arguments after the program's name; those of the process by default. */
  readonly argv?: readonly string[];
  readonly io?: CommandIo;
  /** Changes the Nest application before it listens. */
  readonly configure?: Configure;
  /** Verbs that somebody else answers, before the application is asked; `--help` lists them. */
  readonly elsewhere?: readonly CommandSpec[];
}

/** The root module, or a function that imports it; the function form answers `--help` faster. */
export type ApplicationModule = Type | (() => Promise<Type>);

/**
 * The one entry of an application: without a verb it serves, with one it runs that command and ends.
 * The exit code is 0 on success, 1 when the work failed, 2 when the command line was wrong.
 */
export async function manage(application: ApplicationModule, options: ManageOptions = {}): Promise<void> {
  const io = options.io ?? new TerminalIo({ input: process.stdin, output: process.stdout, error: process.stderr });
  const argv = options.argv ?? process.argv.slice(2);
  try {
    const module = await resolveModule(application);
    if (argv.length === 0 || argv[0] === 'serve') await serveUnlessHelp(module, argv, io, options.configure);
    else process.exitCode = await runCommand(module, argv, io, options.elsewhere);
  } catch (error) {
    process.exitCode = reportFailure(error, argv, io);
  }
}

async function serveUnlessHelp(
  module: Type,
  argv: readonly string[],
  io: CommandIo,
  configure?: Configure,
): Promise<void> {
  const asked = argv.length === 0 ? undefined : parseCommandLine((await outlineApplication(module)).commands, argv, io);
  if (asked?.kind === 'done') process.exitCode = asked.exitCode;
  else await serve(module, configure);
}

async function runCommand(
  module: Type,
  argv: readonly string[],
  io: CommandIo,
  elsewhere: readonly CommandSpec[] = [],
): Promise<number> {
  const { commands, problems } = await outlineApplication(module);
  const invocation = parseCommandLine(allCommands(module, commands, elsewhere), argv, io);
  if (invocation.kind === 'done') return invocation.exitCode;
  if (problems) throw new SettingsError(problems);
  const spec = commands.find(({ name }) => name === invocation.verb)!;
  const connect = spec.database !== false && invocation.input.options.database !== false;
  const plan = { verb: spec.name, checks: spec.checks ?? true, databaseChecks: false, connect };
  return runWith(BOOT_PLAN, plan, () => runBooted(module, invocation, spec, io));
}

/** By name. @throws DuplicateCommandError where a provider would never be asked */
function allCommands(
  module: Type,
  commands: readonly CommandSpec[],
  elsewhere: readonly CommandSpec[],
): readonly CommandSpec[] {
  const hidden = commands.find(({ name }) => elsewhere.some((other) => other.name === name));
  if (hidden) throw new DuplicateCommandError(hidden.name, 'the command line itself', `a provider of ${module.name}`);
  return [...commands, ...elsewhere].sort((one, other) => one.name.localeCompare(other.name));
}

/** Boots the application without listening, runs one command in an ambient context of its own, and closes. */
async function runBooted(
  module: Type,
  invocation: Extract<Invocation, { kind: 'run' }>,
  { service }: CommandSpec,
  io: CommandIo,
): Promise<number> {
  const app = await NestFactory.createApplicationContext(module, {
    abortOnError: false,
    logger: new CommandLogger(service ? ['log', 'warn', 'error', 'fatal'] : ['warn', 'error', 'fatal']),
  });
  try {
    const { command } = app.get(CommandRegistry).get(invocation.verb);
    const code = await runInContext((context) => {
      context.set(APPLICATION, app.get(ModuleRefHandle));
      return command.run(invocation.input, io);
    });
    return code ?? 0;
  } finally {
    await app.close();
  }
}

/** A class, or what a function that imports one gives. Classes are told apart by their source text. */
async function resolveModule(application: ApplicationModule): Promise<Type> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(application));
  return isClass ? (application as Type) : (application as () => Promise<Type>)();
}

/** Prints what went wrong for the person at the terminal and chooses the exit code. */
function reportFailure(error: unknown, argv: readonly string[], io: CommandIo): number {
  if (error instanceof CheckFailedError || error instanceof SettingsError) printReport(error, argv, io);
  else if (error instanceof FrameworkError)
    io.err(`${error.code}: ${error.message}${error.hint ? `\n→ ${error.hint}` : ''}`);
  else io.err(showThrown(error));
  return error instanceof UnknownCommandError ? 2 : 1;
}

function printReport(error: CheckFailedError | SettingsError, argv: readonly string[], io: CommandIo): void {
  if (argv[0] === 'check' && argv.includes('--json')) io.out(JSON.stringify(error.report, null, 2));
  else io.err(error.message);
}
