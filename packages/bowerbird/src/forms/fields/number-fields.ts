import { type JsonSchema } from '#core';

import { type FieldIssue } from '../validation/field-issue.js';
import { Input } from '../widgets/input-widgets.js';
import { type Widget } from '../widgets/widget.js';
import { compareDecimals, formatDecimal, isMultiple, parseDecimal, type Decimal } from './decimal-text.js';
import { Field, type FieldOptions, type RawInput } from './field.js';

/** Bounds of a number; exact numbers are given as text. */
export interface NumberOptions<T = number | null> extends FieldOptions<T> {
  readonly min?: number | string;
  readonly max?: number | string;
  /** The value must be a multiple of it. */
  readonly step?: number | string;
}

/** Longer input is no number that anybody typed; reading it would only cost time. */
const MAX_INPUT = 400;

/** A number of any kind, read as an exact decimal first. */
abstract class NumericField<T> extends Field<T> {
  protected abstract readonly code: string;

  constructor(override readonly options: NumberOptions<T> = {}) {
    super(options);
  }

  protected abstract fromDecimal(decimal: Decimal): T;

  protected createWidget(): Widget {
    return new Input('number');
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected toValue(raw: RawInput): T {
    const text = typeof raw === 'string' ? raw.trim() : String(raw);
    const decimal = text.length <= MAX_INPUT ? parseDecimal(text) : undefined;
    if (!decimal) this.fail(this.code);
    return this.fromDecimal(decimal);
  }

  override fromJson(value: unknown): RawInput {
    return value === null || typeof value === 'number' ? value : this.fail(this.code);
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'number', ...this.boundSchema() };
  }

  /** Bounds that a number of JavaScript can hold. */
  protected boundSchema(): JsonSchema {
    const { min, max, step } = this.options;
    return {
      ...(isExact(min) && { minimum: Number(min) }),
      ...(isExact(max) && { maximum: Number(max) }),
      ...(isExact(step) && { multipleOf: Number(step) }),
    };
  }

  protected override isEmptyInput(raw: RawInput): boolean {
    return super.isEmptyInput(typeof raw === 'string' ? raw.trim() : raw);
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const decimal = parseDecimal(String(value));
    const { min, max, step } = this.options;
    if (!decimal) return;
    if (min !== undefined && compareDecimals(decimal, limit(min)) < 0) yield this.issue('min_value', { min });
    if (max !== undefined && compareDecimals(decimal, limit(max)) > 0) yield this.issue('max_value', { max });
    if (step !== undefined && !isMultiple(decimal, limit(step))) yield this.issue('step', { step });
  }

  override hasChanged(before: unknown, after: unknown): boolean {
    const [left, right] = [before, after].map((value) => parseDecimal(String(value as number)));
    return left && right ? compareDecimals(left, right) !== 0 : super.hasChanged(before, after);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { min, max, step } = this.options;
    return { min, max, step: step ?? 'any' };
  }
}

function isExact(value: number | string | undefined): boolean {
  return value !== undefined && Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER;
}

function limit(value: number | string): Decimal {
  const decimal = parseDecimal(String(value));
  if (!decimal) throw new TypeError(`${String(value)} is no number`);
  return decimal;
}

/** A whole number from -2,147,483,648 to 2,147,483,647, the range of an integer column, unless bounds say otherwise. */
export class IntegerField<T extends number | null = number> extends NumericField<T> {
  protected readonly code = 'integer';

  constructor(options: NumberOptions<T> = {}) {
    super({ min: -2_147_483_648, max: 2_147_483_647, ...options });
  }

  protected fromDecimal(decimal: Decimal): T {
    if (/[1-9]/.test(decimal.fraction)) this.fail('integer');
    const value = Number(formatDecimal({ ...decimal, fraction: '' }));
    if (!Number.isSafeInteger(value)) this.fail('max_value', { max: Number.MAX_SAFE_INTEGER });
    return value as T;
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'integer', ...this.boundSchema() };
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), step: this.options.step ?? 1, inputmode: 'numeric' };
  }
}

/** A floating number. */
export class FloatField<T extends number | null = number> extends NumericField<T> {
  protected readonly code = 'number';

  protected fromDecimal(decimal: Decimal): T {
    const value = Number(formatDecimal(decimal));
    if (!Number.isFinite(value)) this.fail('number');
    return value as T;
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), inputmode: 'decimal' };
  }
}

/** Digits of an exact decimal. */
export interface DecimalOptions<T = string | null> extends NumberOptions<T> {
  /** Digits in all. */
  readonly precision?: number;
  /** Digits after the point. */
  readonly scale?: number;
}

/** An exact decimal as text, with as many digits after the point as the column has: `'12.50'`. */
export class DecimalField<T extends string | null = string> extends NumericField<T> {
  protected readonly code = 'number';

  constructor(override readonly options: DecimalOptions<T> = {}) {
    super(options);
  }

  protected fromDecimal(decimal: Decimal): T {
    return formatDecimal(decimal, this.options.scale) as T;
  }

  /** Exact numbers are texts in JSON; small ones may be numbers. */
  override fromJson(value: unknown): RawInput {
    return typeof value === 'string' && value.trim() !== '' ? value : super.fromJson(value);
  }

  protected override valueSchema(): JsonSchema {
    return { type: ['string', 'number'], format: 'decimal', pattern: this.pattern(), ...this.boundSchema() };
  }

  private pattern(): string {
    const { precision, scale } = this.options;
    const whole = precision === undefined ? '*' : `{0,${precision - (scale ?? 0)}}`;
    const fraction = scale === undefined ? '*' : `{0,${scale}}`;
    return `^-?(?=\\.?\\d)\\d${whole}(\\.\\d${fraction})?$`;
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const { precision, scale } = this.options;
    const { whole, fraction } = parseDecimal(value!)!;
    const digits = fraction.replace(/0+$/, '').length;
    const wholeMax = precision === undefined ? undefined : precision - (scale ?? 0);
    if (scale !== undefined && digits > scale) yield this.issue('max_decimals', { max: scale });
    else if (precision !== undefined && whole.length + digits > precision)
      yield this.issue('max_digits', { max: precision });
    else if (wholeMax !== undefined && whole.length > wholeMax) yield this.issue('max_whole_digits', { max: wholeMax });
    yield* super.check(value);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { scale, step } = this.options;
    const smallest = scale === undefined ? 'any' : scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`;
    return { ...super.controlAttributes(), step: step ?? smallest, inputmode: 'decimal' };
  }
}

/** A whole number of 64 bits as exact text. */
export class BigIntField<T extends string | null = string> extends NumericField<T> {
  protected readonly code = 'integer';

  constructor(options: NumberOptions<T> = {}) {
    super({ min: '-9223372036854775808', max: '9223372036854775807', ...options });
  }

  protected override createWidget(): Widget {
    return new Input('text');
  }

  protected fromDecimal(decimal: Decimal): T {
    if (/[1-9]/.test(decimal.fraction)) this.fail('integer');
    return formatDecimal({ ...decimal, fraction: '' }) as T;
  }

  /** Exact numbers are texts in JSON; small ones may be numbers. */
  override fromJson(value: unknown): RawInput {
    return typeof value === 'string' && value.trim() !== '' ? value : super.fromJson(value);
  }

  protected override valueSchema(): JsonSchema {
    return { type: ['string', 'integer'], format: 'int64', pattern: '^[+-]?\\d{1,19}$', ...this.boundSchema() };
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { inputmode: 'numeric', pattern: '[+\\-]?[0-9]*', maxlength: 20 };
  }
}
