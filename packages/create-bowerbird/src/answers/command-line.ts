import { parseArgs } from 'node:util';

import { Problem } from '../problem.js';
import { type GivenAnswers } from './answers.js';
import { CHOICES, type DatabaseKind, type PackageManagerName, type Template } from './choices.js';

/** What was typed. */
export interface CommandLine {
  readonly answers: GivenAnswers;
  /** Take the default for whatever was not said. */
  readonly yes: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

const SEE_HELP = 'create-bowerbird --help lists what there is';

const OPTIONS = {
  template: { type: 'string', short: 't' },
  database: { type: 'string', short: 'd' },
  'package-manager': { type: 'string', short: 'p' },
  git: { type: 'boolean' },
  install: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Reads the arguments behind the program's name. @throws Problem for what it does not know */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parse(argv);
  if (positionals.length > 1)
    throw new Problem(
      `One name makes one project; there are ${positionals.length}: ${positionals.join(', ')}`,
      SEE_HELP,
    );
  const answers = {
    name: positionals[0],
    template: choice<Template>('template', values.template),
    database: choice<DatabaseKind>('database', values.database),
    packageManager: choice<PackageManagerName>('package-manager', values['package-manager']),
    git: values.git,
    install: values.install,
  };
  const { yes = false, help = false, version = false } = values;
  return { answers: said(answers), yes, help, version };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new Problem((error as Error).message.split('. ', 1)[0]!, SEE_HELP);
  }
}

function choice<T extends string>(option: keyof typeof CHOICES, value: string | undefined): T | undefined {
  if (value === undefined || Object.hasOwn(CHOICES[option], value)) return value as T | undefined;
  throw new Problem(`--${option} cannot be "${value}"`, `It is one of ${Object.keys(CHOICES[option]).join(', ')}`);
}

/** The answers that were given. */
function said(answers: { readonly [K in keyof GivenAnswers]: GivenAnswers[K] | undefined }): GivenAnswers {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}
