import { afterwards, orNull, type JsonSchema } from '#core';
import { type EntityDescription, type QuerySet } from '#orm';

import { type FormServices } from '../form-services.js';
import { type FormSource } from '../form-source.js';
import { ValidationError } from '../forms.errors.js';
import { plainText } from '../plain-text.js';
import { issueOf, type FieldIssue, type Messages } from '../validation/field-issue.js';
import { type OptionView } from '../widgets/widget-view.js';
import { type Widget } from '../widgets/widget.js';

/** What a validator may return: nothing, or what is wrong. */
export type ValidatorResult = void | string | FieldIssue | undefined;

/** Checks a value that is not empty; throws {@link ValidationError}, or returns what is wrong. */
export type Validator<T> = {
  // A method type, so that a field of text is also a field of anything.
  check(value: T): ValidatorResult | Promise<ValidatorResult>;
}['check'];

/** What every field may be told. */
export interface FieldOptions<T = unknown> {
  /** Default: made from the field's name. */
  readonly label?: string;
  readonly help?: string;
  /** Default: true. */
  readonly required?: boolean;
  /** What an unbound form shows. */
  readonly initial?: T | (() => T);
  /** Shown but never read from input; keeps its initial value. */
  readonly disabled?: boolean;
  /** Shown as text; keeps its initial value. */
  readonly readOnly?: boolean;
  readonly widget?: Widget;
  /** Run after the field's own rules, only on values that are not empty. */
  readonly validators?: readonly Validator<NonNullable<T>>[];
  /** Messages by code, instead of the framework's. */
  readonly messages?: Messages;
  /** The `autocomplete` attribute: `email`, `current-password`, … */
  readonly autocomplete?: string;
  readonly placeholder?: string;
  /** Attributes of the control; code and styles are refused when it is rendered. */
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** What a field may ask while it reads or shows a value. */
export interface FieldContext {
  readonly services: FormServices;
  /** The value before the input: of the instance, the form's `initial` or the field's. */
  readonly initial: unknown;
  /** The row that is edited, if there is one. */
  readonly instance: object | null;
  readonly description: EntityDescription | null;
  /**
   * Leaves it to the form to read the row of a query when it saves; false where the form cannot. A field that is told true
   * gives a row with nothing but the key until then, so that nothing may look at it.
   */
  readonly postpone?: ((rows: QuerySet) => boolean) | undefined;
}

/** Several texts of one field as the client sent them, one text, or nothing. */
export type RawInput = unknown;

/**
 * One entry of a form: turns what was sent into a typed value. A field has no state of its own, so one object serves
 * every form that declares it.
 */
export abstract class Field<T = unknown> {
  declare protected readonly valueType: T;

  constructor(readonly options: FieldOptions<T> = {}) {}

  /** The widget unless the options give one. */
  protected abstract createWidget(): Widget;

  /** The value of what was sent; empty input is `emptyValue()`. @throws ValidationError */
  protected abstract toValue(raw: RawInput, context: FieldContext): T | Promise<T>;

  /** What stands for nothing. */
  protected abstract emptyValue(): T;

  get widget(): Widget {
    return this.options.widget ?? this.createWidget();
  }

  get required(): boolean {
    return this.options.required ?? true;
  }

  /** Whether input is ignored. */
  get locked(): boolean {
    return Boolean(this.options.disabled || this.options.readOnly);
  }

  /** Attributes of the control that follow from the field's rules: `maxlength`, `min`, `step`, … */
  controlAttributes(): Readonly<Record<string, unknown>> {
    return {};
  }

  /** Reads, validates and returns the value; later where a rule has to wait. @throws ValidationError */
  clean(raw: RawInput, context: FieldContext): T | Promise<T> {
    const value = this.isEmptyInput(raw) ? this.emptyValue() : this.toValue(raw, context);
    return afterwards(value, (read) => this.checked(read, context));
  }

  private checked(value: T, context: FieldContext): T | Promise<T> {
    if (!this.isEmpty(value)) return afterwards(this.validate(value, context), () => value);
    if (this.required) this.fail('required');
    return value;
  }

  /** Reads the raw input of this field. */
  read(source: FormSource, name: string): RawInput {
    return this.widget.read(source, name);
  }

  /**
   * The raw input that a value of a JSON body stands for; the types of JSON are taken literally.
   * @throws ValidationError for a value of another type
   */
  fromJson(value: unknown): RawInput {
    return value === null || typeof value === 'string' ? value : this.fail('text');
  }

  /** What a JSON body may hold for this field, as far as a schema can say it: what {@link fromJson} and the rules let pass. */
  jsonSchema(): JsonSchema {
    const { help, initial } = this.options;
    const schema = this.valueSchema();
    return {
      ...(this.takesNull() ? orNull(schema) : schema),
      ...(help && { description: help }),
      ...(isPlain(initial) && { default: initial }),
    };
  }

  /** What a form body may hold for it, where that is another thing than in JSON. */
  formSchema(): JsonSchema {
    return this.jsonSchema();
  }

  /** The values that are not null. */
  protected valueSchema(): JsonSchema {
    return { type: 'string' };
  }

  /** Whether JSON may hold null for it. */
  protected takesNull(): boolean {
    return !this.required;
  }

  /** The field's own rules and its validators; collects everything that is wrong. @throws ValidationError */
  protected validate(value: T, context: FieldContext): void | Promise<void> {
    const issues = [...this.check(value, context)];
    const { validators = [] } = this.options;
    if (validators.length > 0) return this.runAll(validators, value as NonNullable<T>, issues);
    if (issues.length > 0) throw new ValidationError(issues);
  }

  private async runAll(
    validators: readonly Validator<NonNullable<T>>[],
    value: NonNullable<T>,
    found: readonly FieldIssue[],
  ): Promise<void> {
    const issues = [...found];
    for (const validator of validators) issues.push(...(await run(validator, value)));
    if (issues.length > 0) throw new ValidationError(issues);
  }

  /** What is wrong with a value by the field's own rules. */
  protected check(_value: T, _context: FieldContext): Iterable<FieldIssue> {
    return [];
  }

  protected isEmptyInput(raw: RawInput): boolean {
    return raw === undefined || raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0);
  }

  isEmpty(value: T): boolean {
    return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  }

  /** What the widget shows for a value: text, a list of texts, or whatever the widget understands. */
  show(value: unknown, _context?: FieldContext): unknown {
    return plainText(value);
  }

  /** What stands for a value when it is compared with what it was earlier: what is shown of it. Never sent to a browser. */
  trace(value: unknown, context?: FieldContext): unknown {
    return this.show(value, context);
  }

  /** The initial value as the widget may show it beside the control: a file with its address, for example. */
  present(initial: unknown, _context: FieldContext): unknown {
    return initial;
  }

  /** Whether a value differs from the one before. */
  hasChanged(before: unknown, after: unknown, context?: FieldContext): boolean {
    return JSON.stringify(this.show(before, context) ?? '') !== JSON.stringify(this.show(after, context) ?? '');
  }

  /** The values to choose from, for widgets that list them; `shown` is what the widget shows. */
  async choices(_shown: unknown, _context: FieldContext): Promise<readonly OptionView[] | null> {
    return null;
  }

  /** The chosen values with their labels, for widgets that do not list all. */
  async chosen(_shown: unknown, _context: FieldContext): Promise<readonly OptionView[]> {
    return [];
  }

  /** The initial value of the declaration. */
  get initial(): T | undefined {
    const { initial } = this.options;
    return typeof initial === 'function' ? (initial as () => T)() : initial;
  }

  /** The same field with other options. */
  with(options: Partial<FieldOptions<T>>): this {
    return new (this.constructor as new (options: FieldOptions<T>) => this)({ ...this.options, ...options });
  }

  /** An issue in the words of this field. */
  protected issue(code: string, params?: Readonly<Record<string, unknown>>): FieldIssue {
    return issueOf(code, this.options.messages ?? {}, params);
  }

  /** @throws ValidationError always */
  protected fail(code: string, params?: Readonly<Record<string, unknown>>): never {
    throw new ValidationError(this.issue(code, params));
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

async function run<T>(validator: Validator<T>, value: T): Promise<readonly FieldIssue[]> {
  try {
    const result = await validator(value);
    if (result === undefined) return [];
    return [typeof result === 'string' ? { code: 'invalid', message: result } : result];
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
}
