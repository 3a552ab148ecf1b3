import { Injectable } from '@nestjs/common';

import { didYouMean } from '#core';
import { FormErrors, WHOLE_FORM } from '#forms';
import { Databases, type Database, type EntityDescription } from '#orm';

import { InvalidInputError } from '../api.errors.js';
import { flattened, jsonSource, sentNames, type InputSource } from './input-source.js';
import { isDeep, NestedInputs } from './nested-inputs.js';
import { PreparedInput, type PreparedNested } from './prepared-input.js';
import { type InputContext } from './serializer-context.js';
import { type ColumnMember, type SerializerDescription } from './serializer-description.js';
import { type Reading, type TakeOptions } from './take-options.js';

/** Reads the input of serializers, checks it as a whole, and writes all of it or nothing. */
@Injectable()
export class Inputs {
  private readonly nested: NestedInputs;

  constructor(private readonly databases: Databases) {
    this.nested = new NestedInputs(databases, (...input) => this.read(...input));
  }

  /** Reads and checks input, and writes nothing. @throws InvalidInputError with everything that is wrong */
  async prepare(description: SerializerDescription, source: InputSource, options: TakeOptions): Promise<PreparedInput> {
    const read = this.read(description, source, options);
    const prepared = read instanceof PreparedInput ? read : await read;
    const errors = await prepared.allErrors();
    if (errors.size > 0) throw new InvalidInputError(errors);
    return prepared;
  }

  /** Reads and checks several new rows. @throws InvalidInputError with names such as `3.title` */
  async prepareAll(
    description: SerializerDescription,
    items: readonly unknown[],
    options: Omit<TakeOptions, 'row' | 'partial'>,
  ): Promise<readonly PreparedInput[]> {
    const all = new FormErrors();
    const prepared: PreparedInput[] = [];
    for (const [index, item] of items.entries())
      try {
        prepared.push(await this.prepare(description, jsonSource(item), options));
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        for (const [name, issues] of Object.entries(error.below(String(index)).issues)) all.add(name, ...issues);
      }
    if (all.size > 0) throw new InvalidInputError(all);
    return prepared;
  }

  /** Writes what was prepared, all or nothing. @throws InvalidInputError for what the database refuses */
  write(prepared: PreparedInput): Promise<object> {
    return prepared.write(this.databaseOf(prepared.description.entity));
  }

  /** Writes several rows in one transaction. @throws InvalidInputError */
  async writeAll({ entity }: SerializerDescription, prepared: readonly PreparedInput[]): Promise<readonly object[]> {
    const database = this.databaseOf(entity);
    return database.atomic(
      async () => {
        const rows: object[] = [];
        for (const [index, item] of prepared.entries())
          try {
            rows.push(await item.write(database));
          } catch (error) {
            throw error instanceof InvalidInputError ? error.below(String(index)) : error;
          }
        return rows;
      },
      { savepoint: false },
    );
  }

  private databaseOf({ target }: EntityDescription): Database {
    return this.databases.of(target);
  }

  private read(
    description: SerializerDescription,
    source: InputSource,
    options: TakeOptions,
  ): PreparedInput | Promise<PreparedInput> {
    const errors = new FormErrors();
    const given = valuesOf(description, source);
    refuseUnknown(description, given.keys(), errors);
    const context = inputContext(options, errors);
    const row = options.row ?? new description.entity.target();
    const reading: Reading = { description, source, given, row, options, errors };
    return takesLater(reading) ? this.readLater(reading, context) : this.prepared(reading, context, NONE_LOCKED, []);
  }

  /** Asks the serializer, and reads what is nested. */
  private async readLater(reading: Reading, context: InputContext): Promise<PreparedInput> {
    const { description, row, options } = reading;
    if (!options.row) await fillHidden(row, description, context);
    const locked = await lockedNames(description, context);
    const open = { ...reading, given: new Map([...reading.given].filter(([name]) => !locked.has(name))) };
    return this.prepared(open, context, locked, await this.nested.read(open));
  }

  private prepared(
    reading: Reading,
    context: InputContext,
    locked: ReadonlySet<string>,
    nested: readonly PreparedNested[],
  ): PreparedInput {
    const { description, given, errors } = reading;
    const values = Object.fromEntries(nested.map(({ member }) => [member.name, given.get(member.name)]));
    const form = this.form({ ...reading, locked }, context, values);
    return new PreparedInput(description, form, nested, errors, context);
  }

  /** The form of what is not nested. */
  private form(
    reading: Reading & { readonly locked: ReadonlySet<string> },
    context: InputContext,
    nested: Readonly<Record<string, unknown>>,
  ): PreparedInput['form'] {
    const { description, source, given, row, options, locked, errors } = reading;
    const json: Record<string, unknown> = {};
    for (const member of description.members)
      if (member.writable && given.has(member.name) && !isDeep(member))
        json[(member as ColumnMember).path] = given.get(member.name);
    return new description.form({
      instance: row,
      partial: options.partial ?? false,
      postpone: options.postpone === true && errors.size === 0,
      sent: new Set(Object.keys(json)),
      context,
      nested,
      locked: locked.size > 0 ? new Set([...locked].map((name) => pathOf(description, name))) : NONE_LOCKED,
      database: this.databaseOf(description.entity),
      ...('json' in source ? { json } : { data: source.form, files: source.files }),
    });
  }
}

/** Whether there is more to input than the fields of a form. */
function takesLater({ description, options }: Reading): boolean {
  const { serializer, hidden, members } = description;
  const fills = !options.row && hidden.length > 0;
  return fills || serializer.readOnlyFor !== undefined || members.some(isDeep);
}

/** What was sent by member: JSON as it is, forms as text, and JSON text for what is nested in forms. */
function valuesOf(description: SerializerDescription, source: InputSource): Map<string, unknown> {
  if ('json' in source)
    return flattened(
      source.json,
      description.members.map(({ name }) => name),
    );
  const deep = new Set(description.members.filter(isDeep).map(({ name }) => name));
  const textOf = (name: string): unknown => (deep.has(name) ? parsed(source.form.get(name)) : source.form.get(name));
  return new Map(sentNames(source).map((name) => [name, textOf(name)]));
}

/** The value of JSON text; text that is none is refused as what it is. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return text;
  }
}

/** Names that the serializer does not have are refused; those that are only shown are left alone. */
function refuseUnknown(description: SerializerDescription, names: Iterable<string>, errors: FormErrors): void {
  for (const name of names) {
    if (description.member(name)) continue;
    const known = description.members.map((member) => member.name);
    if (known.some((other) => other.startsWith(`${name}.`))) {
      errors.add(name, { code: 'object', message: 'An object is expected.' });
      continue;
    }
    const hint = didYouMean(name, known);
    errors.add(name, { code: 'unknown', message: `There is no field of this name.${hint && ` ${hint}`}` });
  }
}

const NONE_LOCKED: ReadonlySet<string> = new Set();

/** Names of which this user may send nothing. */
async function lockedNames({ serializer }: SerializerDescription, context: InputContext): Promise<ReadonlySet<string>> {
  return new Set(await serializer.readOnlyFor?.(context));
}

function pathOf(description: SerializerDescription, name: string): string {
  const member = description.member(name);
  return member && 'path' in member ? member.path : name;
}

function inputContext({ context, row, partial = false }: TakeOptions, errors: FormErrors): InputContext {
  return {
    user: context.user,
    ...(context.request && { request: context.request }),
    row: row ?? null,
    partial,
    addError: (name, message, code = 'invalid') => errors.add(name ?? WHOLE_FORM, { code, message }),
  };
}

/** Puts the values that the framework gives on a new row. */
async function fillHidden(row: object, { hidden }: SerializerDescription, context: InputContext): Promise<void> {
  for (const { path, value } of hidden) (row as Record<string, unknown>)[path] = await value(context);
}
