import { parseDuration, type JsonSchema } from '#core';

import { type FieldIssue } from '../validation/field-issue.js';
import { Input } from '../widgets/input-widgets.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type FieldContext, type FieldOptions, type RawInput } from './field.js';
import { localTextOf, momentInZone } from './time-zone.js';

/** Bounds of dates and times, in the field's own notation. */
export interface DateOptions<T = string | null> extends FieldOptions<T> {
  readonly min?: string;
  readonly max?: string;
}

/** Text that orders like what it stands for. */
abstract class OrderedTextField<T extends string | null> extends Field<T> {
  protected abstract readonly type: string;
  protected abstract parse(text: string): string | undefined;
  protected abstract readonly code: string;
  protected abstract readonly notation: JsonSchema;

  constructor(override readonly options: DateOptions<T> = {}) {
    super(options);
  }

  protected createWidget(): Widget {
    return new Input(this.type);
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected toValue(raw: RawInput): T {
    const value = typeof raw === 'string' ? this.parse(raw.trim()) : undefined;
    if (value === undefined) this.fail(this.code);
    return value as T;
  }

  protected override valueSchema(): JsonSchema {
    return this.notation;
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const { min, max } = this.options;
    if (min !== undefined && value! < min) yield this.issue('min_value', { min });
    if (max !== undefined && value! > max) yield this.issue('max_value', { max });
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { min, max } = this.options;
    return { min, max };
  }
}

/** A calendar date as `YYYY-MM-DD`, without a time zone. */
export class DateField<T extends string | null = string> extends OrderedTextField<T> {
  protected readonly type = 'date';
  protected readonly code = 'date';
  protected readonly notation = { type: 'string', format: 'date' };

  protected parse(text: string): string | undefined {
    return isDate(text) ? text : undefined;
  }

  override show(value: unknown): unknown {
    return value instanceof Date ? value.toISOString().slice(0, 10) : super.show(value);
  }
}

/** A time of day as `HH:MM:SS`, without a date. */
export class TimeField<T extends string | null = string> extends OrderedTextField<T> {
  protected readonly type = 'time';
  protected readonly code = 'time';
  protected readonly notation = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?(\\.0+)?$' };

  protected parse(text: string): string | undefined {
    const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.0+)?$/.exec(text);
    return match ? `${match[1]}:${match[2]}:${match[3] ?? '00'}` : undefined;
  }

  override show(value: unknown): unknown {
    const text = String(super.show(value)).replace(/\.\d+$/, '');
    return text.endsWith(':00') && text.length === 8 ? text.slice(0, 5) : text;
  }
}

/** Options of a moment. */
export interface DateTimeOptions<T = Date | null> extends FieldOptions<T> {
  readonly min?: Date;
  readonly max?: Date;
  /** The zone in which the visitor reads and writes times, an IANA name; `UTC` by default. */
  readonly timeZone?: string;
}

/** A moment, entered as the local time of a zone. */
export class DateTimeField<T extends Date | null = Date> extends Field<T> {
  constructor(override readonly options: DateTimeOptions<T> = {}) {
    super(options);
  }

  private get timeZone(): string {
    return this.options.timeZone ?? 'UTC';
  }

  protected createWidget(): Widget {
    return new Input('datetime-local');
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected toValue(raw: RawInput, context: FieldContext): T {
    const text = typeof raw === 'string' ? raw.trim() : '';
    if (context.initial instanceof Date && text === this.show(context.initial)) return context.initial as T;
    const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
    if (!match || !isDate(match[1]!)) this.fail('datetime');
    const [, date, time, seconds = ':00', zone] = match;
    const moment = new Date(`${date}T${time}${seconds}${zone ?? 'Z'}`);
    if (Number.isNaN(moment.getTime())) this.fail('datetime');
    const value = zone ? moment : momentInZone(moment.getTime(), this.timeZone);
    return (value ?? this.fail('nonexistent_time', { timeZone: this.timeZone })) as T;
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'string', format: 'date-time' };
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const { min, max } = this.options;
    if (min && value! < min) yield this.issue('min_value', { min: this.show(min) });
    if (max && value! > max) yield this.issue('max_value', { max: this.show(max) });
  }

  /** Seconds and their fractions only where there are some. */
  override show(value: unknown): unknown {
    const moment = typeof value === 'string' ? new Date(value) : value;
    if (!(moment instanceof Date) || Number.isNaN(moment.getTime())) return super.show(value);
    return localTextOf(moment, this.timeZone).replace(/(:00)?\.000$/, '');
  }

  override hasChanged(before: unknown, after: unknown): boolean {
    const time = (value: unknown): number | null =>
      value === null || value === undefined ? null : new Date(value as Date).getTime();
    return time(before) !== time(after);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { min, max } = this.options;
    return { min: min && this.show(min), max: max && this.show(max), step: 'any' };
  }
}

/** A length of time in milliseconds, entered as `30s`, `15m`, `1.5h` or `14d`. */
export class DurationField<T extends number | null = number> extends Field<T> {
  protected createWidget(): Widget {
    return new Input('text');
  }

  protected emptyValue(): T {
    return null as T;
  }

  protected toValue(raw: RawInput): T {
    return (parseDuration(typeof raw === 'string' ? raw.trim() : raw) ?? this.fail('duration')) as T;
  }

  override fromJson(value: unknown): RawInput {
    return typeof value === 'number' ? value : super.fromJson(value);
  }

  protected override valueSchema(): JsonSchema {
    return { type: ['integer', 'string'], minimum: 0, examples: ['15m'] };
  }

  override show(value: unknown): unknown {
    if (typeof value !== 'number') return super.show(value);
    const [unit, size] = UNITS.find(([, length]) => value % length === 0)!;
    return `${value / size}${unit}`;
  }
}

const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Whether text is a date of the calendar from year 1 on. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

/** The days of a month of the Gregorian calendar, which ISO 8601 carries back before its beginning. */
function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
