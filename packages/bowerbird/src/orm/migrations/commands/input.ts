import { CommandError } from '#core';

/** The words of an argument that takes several. */
export function wordList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The values of an option that may be given several times or take several words. */
export function flagList(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}

/** The text of an option, or undefined. */
export function flagText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What comes after the number in the name of a migration, when it was given. @throws CommandError */
export function migrationNameFrom(given: unknown): string | undefined {
  const name = flagText(given);
  if (name === undefined) return undefined;
  if (/^[a-z][\w-]*$/i.test(name)) return name;
  throw new CommandError(`"${name}" is no name for a migration`, {
    hint: 'Letters, digits and _, beginning with a letter',
  });
}

/** One of several words. @throws CommandError that lists them */
export function choiceFrom<T extends string>(value: unknown, choices: readonly T[], what: string): T | undefined {
  const text = flagText(value);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new CommandError(`There is no ${what} "${text}"`, { hint: choices.join(', ') });
}
