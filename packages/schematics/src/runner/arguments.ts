import { parseArgs } from 'node:util';

import { kebab } from '../names/words.js';
import { type GeneratorSchema, type OptionSchema } from './option-schema.js';
import { type Verb } from './verbs.js';

/** What somebody typed behind a verb. */
export interface Arguments {
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly help: boolean;
}

/** The command line is wrong. */
export class UsageError extends Error {}

/** Options that every verb takes. */
const COMMON = { 'dry-run': { type: 'boolean', short: 'd' }, help: { type: 'boolean', short: 'h' } } as const;

/** Reads the words behind a verb. @throws UsageError */
export function parseArguments(verb: Verb, schema: GeneratorSchema, args: readonly string[]): Arguments {
  const named = namedOptions(verb, schema);
  const flags = Object.fromEntries(
    named.map(([name, { type }]) => [kebab(name), { type: type === 'boolean' ? type : 'string' } as const]),
  );
  const { values, positionals } = parsed(args, flags);
  const help = values['help'] === true;
  if (!help) refuseCount(verb, positionals.length);
  const options = Object.fromEntries([
    ...positionalOptions(verb, positionals),
    ...named.flatMap(([name, option]) => given(name, option, values[kebab(name)])),
  ]);
  return { options, dryRun: values['dry-run'] === true, help };
}

/** What `--help` prints. */
export function usageOf(name: string, verb: Verb, schema: GeneratorSchema): string {
  const words = verb.positional.map((each, index) => {
    const text = index === verb.positional.length - 1 && verb.variadic ? `${each}...` : each;
    return index < verb.needed ? `<${text}>` : `[${text}]`;
  });
  const rows: (readonly [string, string])[] = [
    ...verb.positional.map((each) => [each, schema.properties[each]!.description] as const),
    ...namedOptions(verb, schema)
      .filter(([, { visible }]) => visible !== false)
      .map(([each, option]) => [flagOf(each, option), toldOf(option)] as const),
    ['-d, --dry-run', 'Write nothing; say what would be written'],
    ['-h, --help', 'Print this'],
  ];
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
  return [`Usage: manage ${name} ${words.join(' ')} [options]`, '', schema.title, '', ...lines].join('\n');
}

function namedOptions(
  { positional }: Verb,
  { properties }: GeneratorSchema,
): readonly (readonly [string, OptionSchema])[] {
  return Object.entries(properties).filter(([name]) => !positional.includes(name));
}

function parsed(
  args: readonly string[],
  flags: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: [...args],
      options: { ...flags, ...COMMON },
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function refuseCount({ positional, needed, variadic }: Verb, count: number): void {
  if (count < needed) throw new UsageError(`Missing: ${positional.slice(count, needed).join(' and ')}`);
  if (!variadic && count > positional.length)
    throw new UsageError(`Too many words: ${count} instead of ${positional.length}`);
}

function positionalOptions(
  { positional, variadic }: Verb,
  words: readonly string[],
): readonly (readonly [string, string | readonly string[]])[] {
  return positional.slice(0, words.length).map((name, index) => {
    const rest = variadic === true && index === positional.length - 1;
    return [name, rest ? words.slice(index) : words[index]!];
  });
}

function given(name: string, { type }: OptionSchema, value: unknown): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (type !== 'number') return [[name, value]];
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return [[name, Number(value)]];
  throw new UsageError(`--${kebab(name)} takes a whole number`);
}

/** What a switch does that is on by default is told of its opposite. */
function toldOf({ type, default: fallback, description }: OptionSchema): string {
  if (type !== 'boolean' || fallback !== true) return description;
  return `Do not ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
}

/** Switches that are on by default are turned off: `--no-spec`. */
function flagOf(name: string, { type, default: fallback }: OptionSchema): string {
  if (type !== 'boolean') return `--${kebab(name)} <${type === 'number' ? 'number' : 'text'}>`;
  return fallback === true ? `--no-${kebab(name)}` : `--${kebab(name)}`;
}
