import { type Class, type JsonSchema } from '#core';
import {
  FieldError,
  Q,
  type Condition,
  type EntityDescription,
  type EntityKey,
  type FieldDescription,
  type QuerySet,
  type RelatedSet,
} from '#orm';

import { plainText } from '../plain-text.js';
import { MultipleSelect, Select } from '../widgets/choice-widgets.js';
import { type OptionView } from '../widgets/widget-view.js';
import { type Widget } from '../widgets/widget.js';
import { keyFilter, keyText, parseKey } from './entity-key-text.js';
import { Field, type FieldContext, type FieldOptions, type RawInput } from './field.js';

/** Options of fields that refer to rows. */
export interface RelationOptions<E extends object, T = unknown> extends FieldOptions<T> {
  readonly target: Class<E>;
  /** Narrows the rows that may be chosen; also what is validated, so that a forged key is refused. */
  readonly limit?: (query: QuerySet<E>) => QuerySet<E>;
  /** The unique field by whose values rows are named, instead of their keys. */
  readonly by?: string;
  /** Turns what names a row, such as its address, into its key; undefined for what names none. */
  readonly parse?: (text: string) => string | undefined;
  /** Most rows that are listed; beyond, the widget asks for the key. 500 by default. */
  readonly listed?: number;
}

const LISTED = 500;

/** The rows that may be chosen. */
class Candidates<E extends object> {
  readonly description: EntityDescription<E>;
  private readonly query: QuerySet<E>;

  constructor(
    private readonly options: RelationOptions<E>,
    { services }: FieldContext,
  ) {
    const { target, limit } = options;
    this.description = services.describe(target);
    const all = services.database(this.description.database).objects(target);
    this.query = limit ? limit(all) : all;
  }

  /** The rows of some names; names that are none or have no row are left out. */
  async find(names: readonly string[]): Promise<readonly E[]> {
    const named = this.named(names);
    if (!named) return [];
    try {
      return (await this.query.untyped().filter(named).all()) as E[];
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      return names.length > 1 ? this.findEach(names) : [];
    }
  }

  /** A row that stands for the one of a key until the form is saved; undefined where that one has to be read now. */
  unread(name: string, { postpone }: FieldContext): E | undefined {
    const { target, by, parse = (text: string) => text } = this.options;
    const [path, ...others] = this.description.primaryKey;
    if (!postpone || by !== undefined || others.length > 0 || !isExact(this.description.field(path!))) return undefined;
    const named = this.named([name]);
    if (!named || !postpone(this.query.untyped().filter(named))) return undefined;
    return Object.assign(Object.create(target.prototype as object) as E, { [path!]: parse(name) });
  }

  /** What names a row: its key, or its value of the field that names rows. */
  nameOf(row: E): string {
    const { by } = this.options;
    return by === undefined ? keyText(this.description.keyOf(row)) : String((row as Record<string, unknown>)[by]);
  }

  private named(names: readonly string[]): Condition<object> | undefined {
    const { by, parse = (text: string) => text } = this.options;
    if (by !== undefined) return Q({ [`${by}__in`]: names });
    const keys = names
      .map((name) => parse(name))
      .map((name) => (name === undefined ? undefined : parseKey(this.description, name)))
      .filter((key) => key !== undefined);
    return keys.length > 0 ? keyFilter(this.description, keys) : undefined;
  }

  /** All rows, or null when there are more than may be listed. */
  async list(most: number): Promise<readonly E[] | null> {
    const rows = await this.query.slice(0, most + 1).all();
    return rows.length > most ? null : rows;
  }

  option(row: E, selected: ReadonlySet<string>): OptionView {
    const value = this.nameOf(row);
    return { value, label: this.description.text(row), selected: selected.has(value) };
  }

  /** One by one, because a single key that does not fit the column spoils the query for all. */
  private async findEach(names: readonly string[]): Promise<readonly E[]> {
    const found: E[] = [];
    for (const name of names) found.push(...(await this.find([name])));
    return found;
  }
}

/** Kinds of keys of which every text that finds a row is stored as that row has it; texts may differ in their case. */
const EXACT: ReadonlySet<string> = new Set(['integer', 'bigint', 'uuid']);

function isExact(key: FieldDescription | undefined): boolean {
  return key !== undefined && !key.path.includes('.') && EXACT.has(key.kind) && !key.transformed && !key.encrypted;
}

/** What names a row, or what stands for one, as text. */
function nameOf<E extends object>(
  value: unknown,
  options: RelationOptions<E>,
  context: FieldContext | undefined,
): string {
  if (value === null || value === undefined || value === '') return '';
  if (value instanceof options.target && context) return new Candidates(options, context).nameOf(value);
  return keyText(value as EntityKey);
}

/** What names a row whose entity nothing is known of yet. */
const KEY: JsonSchema = { type: ['string', 'integer', 'object'] };

/** A reference to one row; the value is the row itself. */
export class RelationField<E extends object, T extends E | null = E> extends Field<T> {
  constructor(override readonly options: RelationOptions<E, T>) {
    super(options);
  }

  protected createWidget(): Widget {
    return new Select();
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected toValue(raw: RawInput, context: FieldContext): T | Promise<T> {
    const candidates = new Candidates(this.options, context);
    const name = String(raw);
    const unread = candidates.unread(name, context);
    return unread ? (unread as T) : this.found(name, candidates);
  }

  private async found(name: string, candidates: Candidates<E>): Promise<T> {
    const [row] = await candidates.find([name]);
    return (row ?? this.fail('relation')) as T;
  }

  override fromJson(value: unknown): RawInput {
    return value === null ? null : (keyOfJson(value) ?? this.fail('relation'));
  }

  protected override valueSchema(): JsonSchema {
    return KEY;
  }

  override show(value: unknown, context?: FieldContext): unknown {
    return nameOf(value, this.options, context);
  }

  override async choices(shown: unknown, context: FieldContext): Promise<readonly OptionView[] | null> {
    const candidates = new Candidates(this.options, context);
    const rows = await candidates.list(this.options.listed ?? LISTED);
    return rows && rows.map((row) => candidates.option(row, new Set([String(shown as string)])));
  }

  override async chosen(shown: unknown, context: FieldContext): Promise<readonly OptionView[]> {
    const key = String(shown);
    if (key === '') return [];
    const candidates = new Candidates(this.options, context);
    const { initial } = context;
    const known = initial instanceof this.options.target && nameOf(initial, this.options, context) === key;
    const rows = known ? [initial] : await candidates.find([key]);
    return rows.map((row) => candidates.option(row, new Set([key])));
  }
}

/** References to several rows; the value is the list of the rows. */
export class RelationsField<E extends object> extends Field<readonly E[]> {
  constructor(override readonly options: RelationOptions<E, readonly E[]>) {
    super(options);
  }

  protected createWidget(): Widget {
    return new MultipleSelect();
  }

  protected emptyValue(): readonly E[] {
    return [];
  }

  protected async toValue(raw: RawInput, context: FieldContext): Promise<readonly E[]> {
    const names = [...new Set(Array.isArray(raw) ? raw.map(String) : this.fail('not_a_list'))];
    const candidates = new Candidates(this.options, context);
    const rows = await candidates.find(names);
    const found = new Set(rows.map((row) => candidates.nameOf(row)));
    const { parse = (text: string) => text } = this.options;
    const missing = names.find((name) => !found.has(parse(name) ?? name));
    return missing === undefined ? rows : this.fail('choice_missing', { value: missing });
  }

  override fromJson(value: unknown): RawInput {
    if (!Array.isArray(value)) return this.fail('not_a_list');
    return value.map((item: unknown) => keyOfJson(item) ?? this.fail('choice_missing', { value: plainText(item) }));
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'array', items: KEY, ...(this.required && { minItems: 1 }) };
  }

  protected override takesNull(): boolean {
    return false;
  }

  /** Saves a value that differs from the one before. */
  async link(links: RelatedSet, value: readonly E[], _context: FieldContext): Promise<void> {
    await links.set(value);
  }

  override show(value: unknown, context?: FieldContext): unknown {
    return Array.isArray(value) ? value.map((item) => nameOf(item, this.options, context)) : [];
  }

  override hasChanged(before: unknown, after: unknown, context?: FieldContext): boolean {
    const keys = (value: unknown): string => JSON.stringify([...(this.show(value, context) as string[])].sort());
    return keys(before) !== keys(after);
  }

  override async choices(shown: unknown, context: FieldContext): Promise<readonly OptionView[] | null> {
    const candidates = new Candidates(this.options, context);
    const rows = await candidates.list(this.options.listed ?? LISTED);
    return rows && rows.map((row) => candidates.option(row, keySet(shown)));
  }

  override async chosen(shown: unknown, context: FieldContext): Promise<readonly OptionView[]> {
    const selected = keySet(shown);
    const candidates = new Candidates(this.options, context);
    return (await candidates.find([...selected])).map((row) => candidates.option(row, selected));
  }
}

/** The text of a key as a JSON body has it: a text, a number, or for keys of several columns an object of these. */
function keyOfJson(value: unknown): string | undefined {
  if (isScalarKey(value)) return String(value);
  if (typeof value !== 'object' || value === null || !Object.values(value).every(isScalarKey)) return undefined;
  return keyText(Object.fromEntries(Object.entries(value).map(([path, part]) => [path, String(part)])));
}

function isScalarKey(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function keySet(shown: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(shown) ? shown.map(String) : []);
}
