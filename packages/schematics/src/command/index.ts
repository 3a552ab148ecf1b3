import { posix } from 'node:path';

import { quoted } from '../code/literals.js';
import { wordsOf } from '../names/words.js';
import { addProvider } from '../project/app-edits.js';
import { type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';

/** The options of its schema. */
export interface CommandOptions extends PartOptions {
  /** What `--help` says of the command. */
  readonly description?: string;
}

/** Verbs of the framework. */
export const TAKEN_VERBS: ReadonlySet<string> = new Set(
  [
    'about changepassword check checkdrift clearaudit clearidempotency clearnotifications clearsessions client createsuperuser dbshell',
    'dumpdata flush forgetpending help inspectdb jobs loaddata makemigrations migrate openapi optimizemigration prune rebasemigrations',
    'reencrypt routes sendtestemail serve shell showmigrations showmodels sqlmigrate squashmigrations startapp verifyaudit work',
  ].flatMap((line) => line.split(' ')),
);

/** Writes a management command with a test, and lists it among the providers of its app. */
export function generateCommand(project: Project, options: CommandOptions): readonly string[] {
  const target = targetOf(project, options, 'a command');
  const { app, file } = target;
  const verb = wordsOf(target.className).join('');
  if (TAKEN_VERBS.has(verb))
    throw new SchematicError(`The command "${verb}" is one of the framework`, 'Choose another name');
  const className = `${target.className}Command`;
  const path = posix.join(app.folder, `${file}.command.ts`);
  project.create(path, commandCode(className, verb, options.description ?? `Say hello from ${app.name}`));
  if (options.skipImport === true) return [];
  addProvider(project, app, className, path);
  return options.spec === false ? [] : writeTest(project, target, verb);
}

/** The rule that the devkit runs. */
export const main = ruleOf<CommandOptions>(generateCommand);

function commandCode(className: string, verb: string, description: string): string {
  return [
    "import { Command, ManagementCommand, type CommandInput, type CommandIo } from 'bowerbird/core';",
    '',
    `@Command({ name: '${verb}', description: ${quoted(description)} })`,
    `export class ${className} extends ManagementCommand {`,
    '  async run(_input: CommandInput, io: CommandIo): Promise<void> {',
    `    io.out('${verb} has run.');`,
    '  }',
    '}\n',
  ].join('\n');
}

function writeTest(project: Project, { app, file }: Target, verb: string): readonly string[] {
  return writeAppTest(project, app, `${file}.command`, {
    imports: [['bowerbird/testing', 'RecordingIo']],
    tests: [
      [
        "it('says that it has run', async () => {\n",
        '  const io = new RecordingIo();\n',
        `  expect(await app.command('${verb}', {}, io)).toBe(0);\n`,
        `  expect(io.output).toEqual(['${verb} has run.']);\n`,
        '});\n',
      ].join(''),
    ],
  });
}
