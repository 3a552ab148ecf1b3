import { readFile } from 'node:fs/promises';

import { CommandError, didYouMean } from '#core';

/** Answers that were given before anybody was asked. */
export interface GivenAnswers {
  /** `shop.Product.title:name`, `shop.Item:Product`. */
  readonly renames: readonly string[];
  /** The same for what is removed and added; `all` for every one. */
  readonly replaced: readonly string[];
  /** `shop.Product.sku` to a literal, or `{ sql }`. */
  readonly fills: ReadonlyMap<string, unknown>;
  /** `shop.0003_a+0003_b`: branches whose order is indifferent; `all` for every one. */
  readonly anyOrder: readonly string[];
}

/** Answers as flags, each value as it was typed. */
export interface AnswerFlags {
  readonly renames: readonly string[];
  readonly replaced: readonly string[];
  /** `shop.Product.sku=…`: JSON, text, or SQL after `sql:`. */
  readonly fills: readonly string[];
  readonly anyOrder: readonly string[];
}

/** The lists of an answer file; `fills` stands beside them. */
const LISTS = { renames: 'rename', replaced: 'replace', anyOrder: 'anyOrder' } as const;
const KEYS: readonly string[] = [...Object.values(LISTS), 'fill'];

/** Answers one by one, as they are taken, for a file that {@link readAnswers} reads. */
export class AnswerRecord {
  private readonly lists = new Map<keyof typeof LISTS, Set<string>>();
  private readonly fills = new Map<string, unknown>();

  /** Notes a name of one of the lists. */
  add(list: keyof typeof LISTS, name: string): void {
    this.lists.set(list, (this.lists.get(list) ?? new Set()).add(name));
  }

  /** Whether a name of one of the lists was noted. */
  has(list: keyof typeof LISTS, name: string): boolean {
    return this.lists.get(list)?.has(name) === true;
  }

  /** Notes the value that existing rows get in a field. */
  fill(name: string, value: unknown): void {
    this.fills.set(name, value);
  }

  /** The text of the file; the same answers make the same text. */
  get text(): string {
    const lists = Object.entries(LISTS).flatMap(([list, key]) => {
      const names = [...(this.lists.get(list as keyof typeof LISTS) ?? [])].sort();
      return names.length > 0 ? [[key, names] as const] : [];
    });
    const fill = Object.fromEntries([...this.fills].sort(([one], [other]) => one.localeCompare(other)));
    const answers = { ...Object.fromEntries(lists), ...(this.fills.size > 0 && { fill }) };
    return `${JSON.stringify(answers, null, 2)}\n`;
  }
}

/** The answers of a file and of flags together; a flag counts more. @throws CommandError when the file is no answer file */
export async function readAnswers(path: string | undefined, flags: AnswerFlags): Promise<GivenAnswers> {
  const file = path === undefined ? {} : await readFileAnswers(path);
  const list = (key: keyof typeof LISTS) => [...flags[key], ...((file[LISTS[key]] as readonly string[]) ?? [])];
  const typed = flags.fills.map((fill): [string, unknown] => {
    const [name = '', ...rest] = fill.split('=');
    return [name, fillValue(rest.join('='))];
  });
  return {
    renames: list('renames'),
    replaced: list('replaced'),
    anyOrder: list('anyOrder'),
    fills: new Map([...Object.entries((file['fill'] as Record<string, unknown>) ?? {}), ...typed]),
  };
}

/** `sql:NOW()` is an expression; what reads as JSON is that value; anything else is text. */
export function fillValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith('sql:')) return { sql: trimmed.slice(4).trim() };
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}

async function readFileAnswers(path: string): Promise<Record<string, unknown>> {
  const answers = await parse(path);
  if (!isRecord(answers)) throw unfit(path, 'it must hold an object');
  for (const [key, value] of Object.entries(answers)) {
    if (!KEYS.includes(key)) throw unfit(path, `it has an unknown key "${key}". ${didYouMean(key, KEYS)}`.trim());
    if (key === 'fill' ? isRecord(value) : isTextList(value)) continue;
    throw unfit(path, `"${key}" must be ${key === 'fill' ? 'an object of values by field' : 'a list of names'}`);
  }
  return answers;
}

async function parse(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    throw unfit(path, (cause as Error).message, cause);
  }
}

function unfit(path: string, reason: string, cause?: unknown): CommandError {
  return new CommandError(`${path} cannot be read as answers: ${reason}`, {
    hint: '{ "rename": ["shop.Product.title:name"], "replace": [], "fill": { "shop.Product.sku": "" } }',
    cause,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
