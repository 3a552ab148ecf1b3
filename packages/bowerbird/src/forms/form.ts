import { afterwards, didYouMean, isPromiseLike } from '#core';
import { FormValues } from '#http';
import { type EntityDescription } from '#orm';

import { BoundContext, type InitialOf } from './bound-context.js';
import { BoundField } from './bound-field.js';
import { Field, type FieldContext } from './fields/field.js';
import { FormErrors, WHOLE_FORM } from './form-errors.js';
import { type FormInput } from './form-input.js';
import { hookName, htmlName } from './form-names.js';
import { viewOfForm, type FieldGroup } from './form-renderer.js';
import { FormServices } from './form-services.js';
import { FormSource } from './form-source.js';
import { type Cleaned } from './form.types.js';
import { UnboundFormError, UnknownFormFieldError, ValidationError } from './forms.errors.js';
import { type FormView } from './widgets/widget-view.js';

/**
 * What a visitor may enter: declare fields as properties, and hooks as methods.
 *
 *     class SignUp extends Form {
 *       email = fields.email();
 *       age = fields.integer({ required: false });
 *       cleanEmail(value: string) { return value.toLowerCase(); }
 *       clean() { if (this.cleanedValue(this.age) === 1) this.addError('age', 'Too young'); }
 *     }
 *
 * Each field is read, checked by its own rules and validators, then by its `clean<Field>` hook; then comes `clean()`.
 * Everything that is wrong is collected. See https://docs.djangoproject.com/en/stable/ref/forms/validation/
 */
export class Form {
  readonly errors = new FormErrors();
  /** The row that is edited, in entity forms. */
  readonly instance: object | null = null;
  protected readonly services: FormServices;
  protected readonly source: FormSource;
  private declared: ReadonlyMap<string, Field> | undefined;
  private boundFields: ReadonlyMap<string, BoundField> | undefined;
  private validation: Promise<void> | undefined;
  private validated = false;

  constructor(protected readonly input: FormInput = {}) {
    this.services = new FormServices(new.target.name, input);
    this.source = input.json
      ? new FormSource(new FormValues(), input.files, input.json)
      : FormSource.of(input.data, input.files);
  }

  /** Whether the form has data, so that it can be validated. */
  get bound(): boolean {
    const { data, json, files } = this.input;
    return data !== undefined || json !== undefined || files !== undefined;
  }

  /** The fields by name, in the order in which they are shown. */
  get fields(): ReadonlyMap<string, Field> {
    return (this.declared ??= this.declareFields());
  }

  /** The values of the fields that are valid; all of them once {@link isValid} says yes. @throws UnboundFormError */
  get cleaned(): Cleaned<this> {
    if (!this.bound) throw new UnboundFormError(this.constructor.name, 'cleaned values');
    const valid = [...this.bindings.values()].filter((bound) => bound.valid);
    return Object.fromEntries(valid.map(({ name, value }) => [name, value])) as Cleaned<this>;
  }

  /** The value of one declared field, typed, for use in `clean()`; undefined when something is wrong with it. */
  cleanedValue<T>(field: Field<T>): T | undefined {
    const bound = [...this.bindings.values()].find((candidate) => candidate.field === field);
    return bound?.valid ? (bound.value as T) : undefined;
  }

  /** The names of the fields whose input differs from what was there before; known after {@link isValid}. */
  get changed(): readonly string[] {
    if (!this.bound) return [];
    return [...this.bindings.values()]
      .filter((bound) => bound.changed && !this.isSkipped(bound))
      .map(({ name }) => name);
  }

  /** Validates once and tells whether nothing is wrong; false for a form without data. */
  async isValid(): Promise<boolean> {
    if (!this.bound) return false;
    if (!this.validated) await (this.validation ??= this.validate());
    return this.errors.size === 0;
  }

  /** Says that something is wrong with a field, or with the whole form when `field` is null. */
  addError(field: string | null, problem: string | ValidationError, code = 'invalid'): void {
    const { issues } = typeof problem === 'string' ? new ValidationError(problem, { code }) : problem;
    if (field !== null && !this.fields.has(field))
      throw new UnknownFormFieldError(this.constructor.name, field, didYouMean(field, this.fields.keys()));
    this.errors.add(field ?? WHOLE_FORM, ...issues);
    const bound = field === null ? undefined : this.bindings.get(field);
    if (bound) bound.valid = false;
  }

  /** Plain data for the template `forms/form`. Validates a bound form first. */
  async view(): Promise<FormView> {
    await this.load();
    if (this.bound) await this.isValid();
    return viewOfForm({ fields: [...this.bindings.values()], errors: this.errors, groups: this.groups() });
  }

  /** Checks that concern several fields. Read values with {@link cleanedValue}; report with {@link addError} or ValidationError. */
  clean(): void | Promise<void> {}

  /** Which fields stand under which legend; those in no group come first, without a legend. */
  protected groups(): readonly FieldGroup[] {
    return [];
  }

  /** The declared fields: the form's own properties that are fields. */
  protected declareFields(): ReadonlyMap<string, Field> {
    return new Map(Object.entries(this).filter((entry): entry is [string, Field] => entry[1] instanceof Field));
  }

  /** What a field was before the input. */
  protected initialOf(name: string, field: Field): unknown {
    const { initial } = this.input;
    return initial && Object.hasOwn(initial, name) ? initial[name] : field.initial;
  }

  protected get description(): EntityDescription | null {
    return null;
  }

  /** Loads what must be there before fields are bound. */
  protected load(): void | Promise<void> {}

  /** What comes after `clean()`. */
  protected afterClean(): void | Promise<void> {}

  /** The fields with their input, in order. */
  protected get bindings(): ReadonlyMap<string, BoundField> {
    return (this.boundFields ??= this.bindAll());
  }

  /** Whether a field is left alone because only what was sent counts. */
  protected isSkipped(bound: BoundField): boolean {
    const { partial, sent } = this.input;
    return Boolean(partial) && (sent ? !sent.has(bound.name) : bound.isOmitted(this.source));
  }

  /** What checks the value of one field after its own rules, and may replace it. */
  protected hookOf(name: string): ((value: unknown) => unknown) | undefined {
    const hook = (this as unknown as Record<string, unknown>)[hookName(name)];
    return typeof hook === 'function' ? (value) => (hook as (value: unknown) => unknown).call(this, value) : undefined;
  }

  private bindAll(): ReadonlyMap<string, BoundField> {
    const initialOf = (name: string, field: Field): unknown => this.initialOf(name, field);
    const bound = new Map<string, BoundField>();
    for (const [name, field] of this.fields) bound.set(name, this.bind(name, field, initialOf));
    return bound;
  }

  /** What a field asks that may leave a question to saving. */
  protected postponing(_name: string, _field: Field): FieldContext['postpone'] {
    return undefined;
  }

  private bind(name: string, field: Field, initialOf: InitialOf): BoundField {
    const { prefix = '' } = this.input;
    const { services, instance, description } = this;
    const known = { services, instance, description, postpone: this.postponing(name, field) };
    const context = new BoundContext(known, name, field, initialOf);
    return new BoundField(name, field, htmlName(prefix, name), context);
  }

  /** Waits only where there is something to wait for, as all that it calls. */
  private async validate(): Promise<void> {
    const loading = this.load();
    if (loading) await loading;
    for (const bound of this.bindings.values()) {
      const pending = this.isSkipped(bound) ? undefined : this.cleanField(bound);
      if (pending) await pending;
    }
    const cleaning = this.collect(null, () => this.clean());
    if (cleaning) await cleaning;
    const finishing = this.afterClean();
    if (finishing) await finishing;
    this.validated = true;
  }

  private cleanField(bound: BoundField): void | Promise<void> {
    return this.collect(bound.name, () => afterwards(bound.clean(this.source), () => this.runHook(bound)));
  }

  private runHook(bound: BoundField): void | Promise<void> {
    const hook = bound.field.locked ? undefined : this.hookOf(bound.name);
    return afterwards(hook?.(bound.value), (replaced) => {
      if (replaced !== undefined) bound.value = replaced;
    });
  }

  /** Runs a check and keeps what it finds wrong. */
  private collect(field: string | null, check: () => void | Promise<void>): void | Promise<void> {
    const keep = (error: unknown): void => {
      if (!(error instanceof ValidationError)) throw error;
      this.addError(field, error);
    };
    try {
      const pending = check();
      return isPromiseLike(pending) ? Promise.resolve(pending).catch(keep) : undefined;
    } catch (error) {
      keep(error);
    }
  }
}
