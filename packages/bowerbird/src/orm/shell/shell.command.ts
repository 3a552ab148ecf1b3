import { inspect } from 'node:util';

import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { Command, ManagementCommand, QUERY_LOG, runWith, type CommandInput, type CommandIo } from '#core';

import { Databases } from '../connection/databases.js';
import { flagText } from '../migrations/commands/input.js';
import { evaluate } from './evaluate.js';
import { runRepl } from './repl-session.js';
import { inSandbox } from './sandbox.js';
import { shellNames } from './shell-names.js';
import { shownValue } from './shown-value.js';
import { statementPrinter } from './statement-printer.js';

/** JavaScript with the entities and services of the application at hand. */
@Injectable()
@Command({
  name: 'shell',
  description: 'Run JavaScript with the entities of the application, line by line or from -c or a pipe',
  options: [
    { flags: '-c, --command <code>', description: 'run this code and end; an expression is printed' },
    { flags: '--sandbox', description: 'undo every change of the databases at the end' },
    { flags: '--print-sql', description: 'print each statement' },
    { flags: '--no-history', description: 'neither read nor keep the lines of earlier sessions' },
  ],
  checks: false,
})
export class ShellCommand extends ManagementCommand {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const work = (): Promise<void> => this.session(options, io);
    const placed = options.sandbox === true ? () => inSandbox(this.databases.all(), work) : work;
    await (options.printSql === true
      ? runWith(
          QUERY_LOG,
          statementPrinter((line) => io.err(line)),
          placed,
        )
      : placed());
  }

  private async session(options: CommandInput['options'], io: CommandIo): Promise<void> {
    const names = shellNames(this.databases, this.discovery);
    const code = flagText(options.command) ?? (process.stdin.isTTY ? undefined : await io.readInput());
    if (code !== undefined) return this.print(await shownValue(await evaluate(code, names)), io);
    io.out(`Bowerbird shell: ${[...names.keys()].join(', ')}`);
    if (options.sandbox === true) io.out('Sandbox: every change of the databases is undone at the end.');
    const { stdin: input, stdout: output } = process;
    await runRepl(names, { input, output, terminal: output.isTTY }, options.history === false ? false : undefined);
  }

  private print(value: unknown, io: CommandIo): void {
    if (value !== undefined) io.out(typeof value === 'string' ? value : inspect(value, { depth: 4 }));
  }
}
