import { readFileSync } from 'node:fs';

/** An option of a generator, as its schema says. */
export interface OptionSchema {
  readonly type?: 'string' | 'boolean' | 'number';
  readonly description: string;
  readonly default?: unknown;
  /** Whether people are told of it. */
  readonly visible?: boolean;
}

/** A generator, as its schema says. */
export interface GeneratorSchema {
  readonly title: string;
  readonly properties: Readonly<Record<string, OptionSchema>>;
}

/** Reads the options of a generator, from beside the sources and what is compiled of them. */
export function schemaOf(schematic: string): GeneratorSchema {
  return JSON.parse(
    readFileSync(new URL(`../../schemas/${schematic}.json`, import.meta.url), 'utf8'),
  ) as GeneratorSchema;
}
