import { type RawRow } from '../query/query-engine.js';
import { type Converter } from './converters.js';
import { type Fields } from './entity-shell.js';

/** Fills properties of an entity from a row. */
export type Assigner = (entity: Fields, row: RawRow) => void;

/** A property, the name of its value in a row, and what makes the one of the other. */
export interface Assignment {
  readonly name: string;
  readonly alias: string;
  readonly convert?: Converter | undefined;
  /** What puts the value on an object inside of the entity. */
  readonly embedded?: { setEntityValue(entity: object, value: unknown): void } | undefined;
}

/**
 * Compiles assignments to a function with a statement for each, such as `entity["title"] = row["c1"];`. A loop over the
 * names takes four times as long, since every property of every entity passes the same place of the code. Only quoted
 * names of properties and aliases get into the source, never a value.
 */
export function compileAssigner(assignments: readonly Assignment[]): Assigner {
  const source = `return (entity, row) => { ${assignments.map(statement).join(' ')} };`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is made of quoted names alone
  const bind = new Function('all', source) as (all: readonly Assignment[]) => Assigner;
  return bind(assignments);
}

function statement({ name, alias, convert, embedded }: Assignment, index: number): string {
  const raw = `row[${JSON.stringify(alias)}]`;
  const value = convert ? `all[${index}].convert(${raw})` : raw;
  if (embedded) return `all[${index}].embedded.setEntityValue(entity, ${value});`;
  return `entity[${JSON.stringify(name)}] = ${value};`;
}
