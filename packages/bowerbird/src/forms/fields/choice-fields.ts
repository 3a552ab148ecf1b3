import { schemaOfChoices, type JsonSchema } from '#core';

import { plainText } from '../plain-text.js';
import { MultipleSelect, Select } from '../widgets/choice-widgets.js';
import { type OptionView } from '../widgets/widget-view.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type FieldOptions, type RawInput } from './field.js';

/** A value that may be chosen. */
export type ChoiceValue = string | number | boolean;

/** One allowed value with its label. */
export interface FormChoice<V extends ChoiceValue = ChoiceValue> {
  readonly value: V;
  readonly label: string;
}

/** Options of fields with choices. */
export interface ChoiceOptions<V extends ChoiceValue, T> extends FieldOptions<T> {
  /** The allowed values; a plain value is its own label. */
  readonly choices: readonly (V | FormChoice<V>)[];
}

function normalized<V extends ChoiceValue>(choices: readonly (V | FormChoice<V>)[]): readonly FormChoice<V>[] {
  return choices.map((choice) => (typeof choice === 'object' ? choice : { value: choice, label: String(choice) }));
}

/** One of some values; what comes back has the type of the choice, not of the text that was sent. */
export class ChoiceField<V extends ChoiceValue = string, T extends V | null | '' = V> extends Field<T> {
  private readonly allowed: readonly FormChoice<V>[];

  constructor(override readonly options: ChoiceOptions<V, T> & { readonly nullable?: boolean }) {
    super(options);
    this.allowed = normalized(options.choices);
  }

  protected createWidget(): Widget {
    return new Select();
  }

  protected emptyValue(): T {
    return (this.options.nullable === false ? '' : null) as T;
  }

  protected toValue(raw: RawInput): T {
    const text = String(raw);
    const choice = this.allowed.find(({ value }) => String(value) === text);
    return (choice ? choice.value : this.fail('choice', { value: text })) as T;
  }

  override fromJson(value: unknown): RawInput {
    return value === null
      ? null
      : jsonChoice(this.allowed, value)
        ? String(value)
        : this.fail('choice', { value: plainText(value) });
  }

  protected override valueSchema(): JsonSchema {
    return schemaOfChoices(this.allowed.map(({ value }) => value));
  }

  override async choices(shown: unknown): Promise<readonly OptionView[]> {
    return optionsOf(this.allowed, [shown]);
  }

  override async chosen(shown: unknown): Promise<readonly OptionView[]> {
    return (await this.choices(shown)).filter(({ selected }) => selected);
  }
}

/** Some of some values, in the order of the choices. */
export class MultipleChoiceField<V extends ChoiceValue = string> extends Field<readonly V[]> {
  private readonly allowed: readonly FormChoice<V>[];

  constructor(override readonly options: ChoiceOptions<V, readonly V[]>) {
    super(options);
    this.allowed = normalized(options.choices);
  }

  protected createWidget(): Widget {
    return new MultipleSelect();
  }

  protected emptyValue(): readonly V[] {
    return [];
  }

  protected toValue(raw: RawInput): readonly V[] {
    const texts = new Set(Array.isArray(raw) ? raw.map(String) : this.fail('not_a_list'));
    for (const text of texts)
      if (!this.allowed.some(({ value }) => String(value) === text)) this.fail('choice_missing', { value: text });
    return this.allowed.filter(({ value }) => texts.has(String(value))).map(({ value }) => value);
  }

  override fromJson(value: unknown): RawInput {
    if (!Array.isArray(value)) return this.fail('not_a_list');
    const missing = value.find((item) => !jsonChoice(this.allowed, item)) as unknown;
    return missing === undefined ? value.map(String) : this.fail('choice_missing', { value: plainText(missing) });
  }

  protected override valueSchema(): JsonSchema {
    const items = schemaOfChoices(this.allowed.map(({ value }) => value));
    return { type: 'array', items, ...(this.required && { minItems: 1 }) };
  }

  protected override takesNull(): boolean {
    return false;
  }

  override show(value: unknown): unknown {
    return Array.isArray(value) ? value.map(String) : [];
  }

  override async choices(shown: unknown): Promise<readonly OptionView[]> {
    return optionsOf(this.allowed, Array.isArray(shown) ? shown : []);
  }

  override async chosen(shown: unknown): Promise<readonly OptionView[]> {
    return (await this.choices(shown)).filter(({ selected }) => selected);
  }
}

/** Whether a value of a JSON body is one of the choices, with its type. */
function jsonChoice(allowed: readonly FormChoice[], value: unknown): value is ChoiceValue {
  return allowed.some((choice) => choice.value === value);
}

function optionsOf(choices: readonly FormChoice[], shown: readonly unknown[]): readonly OptionView[] {
  const selected = new Set(shown.map(String));
  return choices.map(({ value, label }) => ({ value: String(value), label, selected: selected.has(String(value)) }));
}
