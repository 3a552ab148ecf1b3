import { Command as CommanderCommand, CommanderError, Option, type Command as Program } from 'commander';

import {
  didYouMean,
  UnknownCommandError,
  type ArgumentSpec,
  type CommandInput,
  type CommandIo,
  type CommandSpec,
  type OptionSpec,
} from '#core';

/** What the arguments of the process ask for. */
export type Invocation =
  | { readonly kind: 'run'; readonly verb: string; readonly input: CommandInput }
  | { readonly kind: 'done'; readonly exitCode: number };

/**
 * Turns the arguments of the process into one command and its input. Help and usage errors are printed here.
 * @throws UnknownCommandError
 */
export function parseCommandLine(specs: readonly CommandSpec[], argv: readonly string[], io: CommandIo): Invocation {
  const verb = argv.find((argument) => !argument.startsWith('-'));
  if (verb !== undefined && verb !== 'help' && !specs.some(({ name }) => name === verb))
    throw new UnknownCommandError(
      verb,
      didYouMean(
        verb,
        specs.map(({ name }) => name),
      ),
    );
  let run: Invocation | undefined;
  const program = createProgram(io);
  for (const spec of specs) addCommand(program, spec, io, (input) => (run = { kind: 'run', verb: spec.name, input }));
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: 'done', exitCode: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
  return run ?? { kind: 'done', exitCode: 0 };
}

function createProgram(io: CommandIo): Program {
  return configure(new CommanderCommand('manage'), io)
    .description('Serves the application (no command) or runs one of its commands')
    .helpCommand(true);
}

function configure(program: Program, io: CommandIo): Program {
  return program.exitOverride().configureOutput({
    writeOut: (text) => io.out(text.trimEnd()),
    writeErr: (text) => io.err(text.trimEnd()),
  });
}

function addCommand(program: Program, spec: CommandSpec, io: CommandIo, found: (input: CommandInput) => void): void {
  const command = configure(program.command(spec.name), io).description(spec.description);
  for (const argument of spec.arguments ?? []) command.argument(argumentSyntax(argument), argument.description);
  for (const option of spec.options ?? []) command.addOption(createOption(option));
  command.action((...given: unknown[]) => {
    const args = Object.fromEntries(
      (spec.arguments ?? []).map(({ name }, index) => [name, given[index] as string | string[] | undefined]),
    );
    found({ args, options: command.opts() });
  });
}

function argumentSyntax({ name, optional, variadic }: ArgumentSpec): string {
  const text = variadic ? `${name}...` : name;
  return optional ? `[${text}]` : `<${text}>`;
}

function createOption({ flags, description, choices, default: fallback }: OptionSpec): Option {
  const option = new Option(flags, description);
  if (choices) option.choices([...choices]);
  if (fallback !== undefined) option.default(fallback);
  return option;
}
