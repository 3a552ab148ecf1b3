import { type Class } from '#core';
import { keyText, type FieldIssue } from '#forms';
import { loadedRelation, type Database, type Databases, type EntityDescription } from '#orm';

import { isObject, type InputSource } from './input-source.js';
import { type PreparedInput, type PreparedNested } from './prepared-input.js';
import { type NestedMember, type SerializerDescription } from './serializer-description.js';
import { type Reading, type TakeOptions } from './take-options.js';

/** Reads one object of input for a serializer. */
export type ReadInput = (
  description: SerializerDescription,
  source: InputSource,
  options: TakeOptions,
) => PreparedInput | Promise<PreparedInput>;

const REQUIRED: FieldIssue = { code: 'required', message: 'This field is required.' };
const OBJECT: FieldIssue = { code: 'object', message: 'An object is expected.' };
const LIST: FieldIssue = { code: 'not_a_list', message: 'Enter a list of values.' };
const FOREIGN: FieldIssue = { code: 'relation', message: 'There is no such row here.' };

/** Reads the documents that stand inside of others. Rows that they name must be among those that are linked already. */
export class NestedInputs {
  constructor(
    private readonly databases: Databases,
    private readonly readInput: ReadInput,
  ) {}

  /** Everything that is nested in one input. */
  async read(reading: Reading): Promise<readonly PreparedNested[]> {
    const prepared: PreparedNested[] = [];
    for (const member of reading.description.members.filter(isDeep)) {
      const nested = reading.given.has(member.name)
        ? await this.member(member, reading)
        : refuseMissing(member, reading);
      if (nested) prepared.push(nested);
    }
    return prepared;
  }

  private async member(member: NestedMember, reading: Reading): Promise<PreparedNested | undefined> {
    const { name, many, relation } = member;
    const value = reading.given.get(name);
    if (value === null && !many && (relation.nullable || !relation.owning)) return this.nothing(member, reading);
    if (many ? !Array.isArray(value) : !isObject(value)) return refuse(reading, name, many ? LIST : OBJECT);
    const present = reading.options.row ? await this.present(member, reading.row) : [];
    const items: PreparedInput[] = [];
    for (const [index, item] of (many ? (value as readonly unknown[]) : [value]).entries()) {
      const read = await this.item(member, item, many ? `${name}.${index}` : name, present, reading);
      if (read) items.push(read);
    }
    return { member, items, missing: await this.missing(member, present, items, reading) };
  }

  /** No row where there was one. */
  private async nothing(member: NestedMember, { row, options }: Reading): Promise<PreparedNested> {
    const gone = member.relation.owning || !options.row ? [] : await this.present(member, row);
    for (const each of gone) await options.permit('delete', member.target.target, each);
    return { member, items: null, missing: gone };
  }

  private async item(
    member: NestedMember,
    item: unknown,
    at: string,
    present: readonly object[],
    reading: Reading,
  ): Promise<PreparedInput | undefined> {
    if (!isObject(item)) return refuse(reading, at, OBJECT);
    const { target } = member;
    const key = keyIn(target, item);
    const known =
      key === undefined ? alone(member, present) : present.find((row) => keyText(target.keyOf(row)) === key);
    if (key !== undefined && !known) return refuse(reading, at, FOREIGN);
    await reading.options.permit(known ? 'change' : 'add', target.target, known);
    return this.readInput(member.serializer(), { json: item }, { ...reading.options, row: known });
  }

  /** The rows that the input leaves out, where that takes them away. */
  private async missing(
    { many, missing, relation, target }: NestedMember,
    present: readonly object[],
    items: readonly PreparedInput[],
    { options }: Reading,
  ): Promise<readonly object[]> {
    if (!many || missing !== 'replace' || relation.kind === 'many-to-many') return [];
    const kept = new Set(items.map(({ row }) => row));
    const gone = present.filter((row) => !kept.has(row));
    for (const row of gone) await options.permit('delete', target.target, row);
    return gone;
  }

  /** The rows that a relation of a stored row leads to. */
  private async present({ relation, path, many }: NestedMember, row: object): Promise<readonly object[]> {
    const database: Database = this.databases.of(row.constructor as Class);
    if (many) return database.related(row, path).all();
    const loaded: unknown = loadedRelation(row, relation.path) ?? (await database.load(row, path as never));
    return loaded ? [loaded] : [];
  }
}

/** Whether input writes the rows of a member. */
export function isDeep(member: SerializerDescription['members'][number]): member is NestedMember {
  return member.kind === 'nested' && member.deep && member.writable;
}

/** A new row that must refer to another needs that one, unless the framework gives it. */
function refuseMissing({ name, path, relation }: NestedMember, reading: Reading): undefined {
  const needed = !reading.options.row && relation.owning && !relation.nullable;
  if (needed && !reading.description.hidden.some((value) => value.path === path)) reading.errors.add(name, REQUIRED);
}

function refuse({ errors }: Reading, name: string, issue: FieldIssue): undefined {
  errors.add(name, issue);
}

/** The row that a document without a key is about: the one that is there. */
function alone({ many }: NestedMember, present: readonly object[]): object | undefined {
  return many ? undefined : present[0];
}

function keyIn({ primaryKey }: EntityDescription, item: Readonly<Record<string, unknown>>): string | undefined {
  const values = primaryKey.map((path) => item[path]);
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number')) return undefined;
  if (primaryKey.length === 1) return String(values[0]);
  return keyText(Object.fromEntries(primaryKey.map((path, index) => [path, String(values[index] as string)])));
}
