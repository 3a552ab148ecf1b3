import { confirm, intro, isCancel, select, text } from '@clack/prompts';

import { type Answers, type GivenAnswers } from './answers.js';
import { Cancelled } from './cancelled.js';
import { CHOICES, type DatabaseKind, type PackageManagerName, type Template } from './choices.js';
import { nameProblem } from './project-name.js';

/** Asks for whatever was not given, with the defaults chosen. @throws Cancelled */
export async function ask(given: GivenAnswers, defaults: Omit<Answers, 'name'>): Promise<Answers> {
  intro('A new Bowerbird project');
  return {
    name: given.name ?? (await askName()),
    template: given.template ?? (await choose<Template>('template', 'What to begin with', defaults.template)),
    database: given.database ?? (await choose<DatabaseKind>('database', 'Where the data lives', defaults.database)),
    packageManager:
      given.packageManager ??
      (await choose<PackageManagerName>('package-manager', 'What installs the packages', defaults.packageManager)),
    git: given.git ?? (await decide('Make a git repository?', defaults.git)),
    install: given.install ?? (await decide('Install the packages now?', defaults.install)),
  };
}

async function askName(): Promise<string> {
  const validate = (value: string | undefined): string | undefined =>
    value === '.' ? undefined : nameProblem(value ?? '');
  return answered(await text({ message: 'The name of the project', placeholder: 'shop', validate }));
}

async function choose<T extends string>(option: keyof typeof CHOICES, message: string, initial: T): Promise<T> {
  const choices: readonly (readonly [string, string])[] = Object.entries(CHOICES[option]);
  const options = choices.map(([value, hint]) => ({ value, label: value, hint }));
  return answered(await select<string>({ message, options, initialValue: initial })) as T;
}

async function decide(message: string, initialValue: boolean): Promise<boolean> {
  return answered(await confirm({ message, initialValue }));
}

function answered<T>(value: T): Exclude<T, symbol> {
  if (isCancel(value)) throw new Cancelled('Nothing was made.');
  return value as Exclude<T, symbol>;
}
