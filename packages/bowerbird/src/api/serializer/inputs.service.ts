import { Injectable } from '@nestjs/common';

import { didYouMean, type Class } from '#core';
import { FormErrors, keyText, WHOLE_FORM, type FieldIssue } from '#forms';
import { Databases, loadedRelation, type Database, type EntityDescription } from '#orm';

import { InvalidInputError } from '../api.errors.js';
import { flattened, isObject, jsonSource, sentNames, type InputSource } from './input-source.js';
import { PreparedInput, type PreparedNested } from './prepared-input.js';
import { type InputContext, type SerializerContext } from './serializer-context.js';
import { type NestedMember, type SerializerDescription } from './serializer-description.js';

/** What may be done with nested rows; refusals throw. */
export type NestedPermit = (action: 'add' | 'change' | 'delete', entity: Class, row?: object) => Promise<void>;

/** How input is taken. */
export interface TakeOptions {
  readonly context: SerializerContext;
  /** The row to change, loaded with all of its columns; a new one is made without it. */
  readonly row?: object | undefined;
  /** Whether only what was sent counts. */
  readonly partial?: boolean;
  readonly permit: NestedPermit;
}

/** Reads the input of serializers, checks it as a whole, and writes it in one transaction. */
@Injectable()
export class Inputs {
  constructor(private readonly databases: Databases) {}

  /** Reads and checks input, and writes nothing. @throws InvalidInputError with everything that is wrong */
  async prepare(description: SerializerDescription, source: InputSource, options: TakeOptions): Promise<PreparedInput> {
    const prepared = await this.read(description, source, options);
    const errors = await prepared.allErrors();
    if (errors.size > 0) throw new InvalidInputError(errors);
    return prepared;
  }

  /** Writes what was prepared, all or nothing. @throws InvalidInputError for what the database refuses */
  async write(prepared: PreparedInput): Promise<object> {
    const database = this.databaseOf(prepared.description.entity);
    return database.atomic(() => prepared.write(database));
  }

  /** Reads and checks several new rows before the first is written. @throws InvalidInputError with names such as `3.title` */
  async prepareAll(
    description: SerializerDescription,
    items: readonly unknown[],
    options: Omit<TakeOptions, 'row' | 'partial'>,
  ): Promise<readonly PreparedInput[]> {
    const all = new FormErrors();
    const prepared: PreparedInput[] = [];
    for (const [index, item] of items.entries()) {
      const errors = await errorsOf(
        async () => void prepared.push(await this.prepare(description, jsonSource(item), options)),
      );
      for (const [name, issues] of Object.entries(errors))
        all.add(name === WHOLE_FORM ? String(index) : `${index}.${name}`, ...issues);
    }
    if (all.size > 0) throw new InvalidInputError(all);
    return prepared;
  }

  /** Writes several rows in one transaction. @throws InvalidInputError */
  async writeAll(description: SerializerDescription, prepared: readonly PreparedInput[]): Promise<readonly object[]> {
    const database = this.databaseOf(description.entity);
    return database.atomic(async () => {
      const rows: object[] = [];
      for (const [index, item] of prepared.entries())
        rows.push(await item.write(database).catch((error: unknown) => Promise.reject(below(error, String(index)))));
      return rows;
    });
  }

  databaseOf({ target }: EntityDescription): Database {
    return this.databases.of(target);
  }

  private async read(
    description: SerializerDescription,
    source: InputSource,
    options: TakeOptions,
  ): Promise<PreparedInput> {
    const errors = new FormErrors();
    const given = valuesOf(description, source);
    refuseUnknown(description, given.keys(), errors);
    const context = inputContext(options, errors);
    const row = options.row ?? (await newRow(description, context));
    const nested = await this.nested(description, given, row, options, errors);
    const flat = description.members.filter((member) => member.writable && given.has(member.name) && !isDeep(member));
    const names = new Map(
      description.members.filter((member) => 'path' in member).map(({ path, name }) => [path, name]),
    );
    const sent = new Set(flat.map((member) => (member as { readonly path: string }).path));
    const json = Object.fromEntries(
      flat.map((member) => [(member as { readonly path: string }).path, given.get(member.name)]),
    );
    const form = new description.form({
      instance: row,
      partial: options.partial ?? false,
      sent,
      context,
      nested: Object.fromEntries(nested.map(({ member }) => [member.name, given.get(member.name)])),
      database: this.databaseOf(description.entity),
      ...('json' in source ? { json } : { data: source.form, files: source.files }),
    });
    return new PreparedInput(description, form, nested, errors, context, names);
  }

  /** What is nested deep. Rows that the input names must be among those that are there already. */
  private async nested(
    description: SerializerDescription,
    given: ReadonlyMap<string, unknown>,
    row: object,
    options: TakeOptions,
    errors: FormErrors,
  ): Promise<readonly PreparedNested[]> {
    const prepared: PreparedNested[] = [];
    for (const member of description.members.filter(isDeep)) {
      if (!given.has(member.name)) {
        if (!options.row && member.relation.owning && !member.relation.nullable && !hasHidden(description, member))
          errors.add(member.name, REQUIRED);
        continue;
      }
      const read = await this.nestedMember(member, given.get(member.name), row, options, errors);
      if (read) prepared.push(read);
    }
    return prepared;
  }

  private async nestedMember(
    member: NestedMember,
    value: unknown,
    row: object,
    options: TakeOptions,
    errors: FormErrors,
  ): Promise<PreparedNested | undefined> {
    const { name, many, relation } = member;
    const expected = many ? Array.isArray(value) : isObject(value) || (value === null && relation.nullable);
    if (!expected) return errors.add(name, many ? LIST : OBJECT);
    if (value === null) return { member, items: null, missing: [] };
    const present = options.row ? await this.present(member, row) : [];
    const items = (many ? (value as readonly unknown[]) : [value]).map(async (item, index) =>
      this.nestedItem(member, item, many ? `${name}.${index}` : name, present, options, errors),
    );
    const read = (await Promise.all(items)).filter((item) => item !== undefined);
    const kept = new Set(read.map((item) => item.row));
    const missing =
      many && member.missing === 'replace' && relation.kind !== 'many-to-many'
        ? present.filter((other) => !kept.has(other))
        : [];
    for (const gone of missing) await options.permit('delete', member.target.target, gone);
    return { member, items: read, missing };
  }

  private async nestedItem(
    member: NestedMember,
    item: unknown,
    at: string,
    present: readonly object[],
    options: TakeOptions,
    errors: FormErrors,
  ): Promise<PreparedInput | undefined> {
    if (!isObject(item)) return errors.add(at, OBJECT);
    const { target } = member;
    const key = keyIn(target, item);
    const known =
      key === undefined && !member.many ? present[0] : present.find((row) => keyText(target.keyOf(row)) === key);
    if (key !== undefined && !known) return errors.add(at, FOREIGN);
    await options.permit(known ? 'change' : 'add', target.target, known);
    const { [target.primaryKey[0]!]: _key, ...rest } = item;
    const source =
      target.primaryKey.length === 1 && !member.serializer().member(target.primaryKey[0]!)?.writable ? rest : item;
    return this.read(member.serializer(), { json: source }, { ...options, row: known });
  }

  /** The rows that a relation of a stored row leads to. */
  private async present({ relation, path, many, target }: NestedMember, row: object): Promise<readonly object[]> {
    const database = this.databaseOf(target);
    if (many) return await (database.related(row, path as never) as unknown as { all(): Promise<object[]> }).all();
    const loaded = loadedRelation(row, relation.path);
    if (loaded) return [loaded];
    const found: unknown = await this.databases.of(row.constructor as Class).load(row, path as never);
    return found ? [found] : [];
  }
}

const REQUIRED: FieldIssue = { code: 'required', message: 'This field is required.' };
const OBJECT: FieldIssue = { code: 'object', message: 'An object is expected.' };
const LIST: FieldIssue = { code: 'not_a_list', message: 'Enter a list of values.' };
const FOREIGN: FieldIssue = { code: 'relation', message: 'There is no such row here.' };

function isDeep(member: SerializerDescription['members'][number]): member is NestedMember {
  return member.kind === 'nested' && member.deep && member.writable;
}

function hasHidden({ hidden }: SerializerDescription, { path }: NestedMember): boolean {
  return hidden.some((value) => value.path === path);
}

/** What was sent by member: JSON as it is, forms as text, and JSON text for what is nested in forms. */
function valuesOf(description: SerializerDescription, source: InputSource): ReadonlyMap<string, unknown> {
  const names = description.members.map(({ name }) => name);
  if ('json' in source) return flattened(source.json, names);
  const deep = new Set(description.members.filter(isDeep).map(({ name }) => name));
  return new Map(
    sentNames(source).map((name) => [name, deep.has(name) ? parsed(source.form.get(name)) : source.form.get(name)]),
  );
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Names that the serializer does not have are refused; those that are only shown are left alone. */
function refuseUnknown(description: SerializerDescription, names: Iterable<string>, errors: FormErrors): void {
  const known = description.members.map(({ name }) => name);
  for (const name of names) {
    if (description.member(name) || known.some((other) => name.startsWith(`${other}.`))) continue;
    const hint = didYouMean(name, known);
    errors.add(name, { code: 'unknown', message: `There is no field of this name.${hint && ` ${hint}`}` });
  }
}

function inputContext({ context, row, partial = false }: TakeOptions, errors: FormErrors): InputContext {
  return {
    ...context,
    row: row ?? null,
    partial,
    addError: (name, message, code = 'invalid') => errors.add(name ?? WHOLE_FORM, { code, message }),
  };
}

/** A new row with the values that the framework gives. */
async function newRow({ entity, hidden }: SerializerDescription, context: InputContext): Promise<object> {
  const row = new entity.target() as Record<string, unknown>;
  for (const { path, value } of hidden) row[path] = await value(context);
  return row;
}

function keyIn({ primaryKey }: EntityDescription, item: Readonly<Record<string, unknown>>): string | undefined {
  const values = primaryKey.map((path) => item[path]);
  if (values.some((value) => value === undefined || value === null)) return undefined;
  if (primaryKey.length === 1) return String(values[0]);
  return keyText(Object.fromEntries(primaryKey.map((path, index) => [path, String(values[index])])));
}

async function errorsOf(work: () => Promise<void>): Promise<InvalidInputError['issues']> {
  try {
    await work();
    return {};
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues;
    throw error;
  }
}

function below(error: unknown, prefix: string): unknown {
  return error instanceof InvalidInputError ? error.below(prefix) : error;
}
