import { type FieldDescription, type FieldFormat, type FieldKind } from '#orm';
import { escapeHtml, SafeHtml } from '#templates';

import { type ColumnDescriptor } from './admin-descriptor.js';
import { type DisplayKind } from './admin-options.js';
import { badgeTone } from './badge-tone.js';

/** Writes a value as HTML. It is called once per cell, so it must not look anything up that can be known before. */
export type ValueWriter = (value: unknown) => string;

/** What values look like in one language and time zone. */
export interface FormatOptions {
  readonly locale: string;
  readonly timeZone: string;
  /** Markup of an icon of the sprite. */
  readonly icon: (name: string) => string;
}

/** Longest text that a cell shows, in characters. */
const MAX_TEXT = 160;

/** The writers of one language and time zone; `Intl` objects are made once and shared. */
export class ValueFormats {
  private readonly integer: Intl.NumberFormat;
  private readonly float: Intl.NumberFormat;
  private readonly date: Intl.DateTimeFormat;
  private readonly moment: Intl.DateTimeFormat;
  private readonly marks: Readonly<Record<'yes' | 'no' | 'unknown', string>>;

  constructor({ locale, timeZone, icon }: FormatOptions) {
    this.integer = new Intl.NumberFormat(locale);
    this.separator = separatorOf(this.integer);
    this.float = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
    this.date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
    this.moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
    const mark = (tone: string, name: string, text: string) =>
      `<span class="bb-${tone}">${icon(name)}<span class="bb-hidden">${text}</span></span>`;
    this.marks = {
      yes: mark('yes', 'check', 'Yes'),
      no: mark('no', 'minus', 'No'),
      unknown: mark('unknown', 'question', 'Unknown'),
    };
    this.locale = locale;
  }

  private readonly locale: string;
  private readonly separator: string | null;

  /** A whole number. */
  count(value: number): string {
    return this.integer.format(value);
  }

  /** A moment as text. */
  dateTime(value: Date): string {
    return this.moment.format(value);
  }

  /** The writer of a column: empties become its mark, everything else is shown by kind and escaped. */
  writerOf(column: Pick<ColumnDescriptor, 'kind' | 'field' | 'related' | 'empty'>): ValueWriter {
    const blank = `<span class="bb-empty">${escapeHtml(column.empty)}</span>`;
    const write = this.bareWriter(column);
    if (isBoolean(column)) return write;
    return (value) => (isEmpty(value) ? blank : write(value));
  }

  private bareWriter({ kind, field, related }: Pick<ColumnDescriptor, 'kind' | 'field' | 'related'>): ValueWriter {
    if (related) return (row) => writeText(related.text(row as object));
    if (kind !== null) return this.kinds[kind];
    return field ? this.byField(field) : this.byType;
  }

  private byField(field: FieldDescription): ValueWriter {
    if (field.choices) return choiceWriter(field.choices);
    const write = (field.format && this.formats[field.format]) ?? this.fields[field.kind];
    return write?.(field) ?? writeAny;
  }

  private readonly formats: Partial<Readonly<Record<FieldFormat, () => ValueWriter>>> = {
    url: () => writeLink,
    email: () => writeEmail,
    color: () => writeColor,
    password: () => () => '••••••••',
  };

  private readonly fields: Partial<Readonly<Record<FieldKind, (field: FieldDescription) => ValueWriter>>> = {
    boolean: () => (value) => this.boolean(value),
    integer: () => (value) => this.number(value),
    bigint: () => (value) => this.number(value),
    float: () => (value) => this.number(value),
    decimal: ({ scale = 0 }) => this.decimalWriter(scale),
    date: () => (value) => this.day(value),
    datetime: () => (value) => this.time(value),
    json: () => writeJson,
    binary: () => (value) => `${this.count((value as Uint8Array).length)} bytes`,
  };

  private readonly kinds: Readonly<Record<DisplayKind, ValueWriter>> = {
    boolean: (value) => this.boolean(value),
    number: (value) => this.number(value),
    date: (value) => this.day(value),
    datetime: (value) => this.time(value),
    link: writeLink,
    badge: (value) => writeBadge(String(value), String(value)),
    json: writeJson,
    time: writeAny,
    text: writeAny,
  };

  /** For computed values, whose type is only known when they are there. */
  private readonly byType: ValueWriter = (value) => {
    if (value instanceof SafeHtml) return value.toString();
    if (typeof value === 'boolean') return this.boolean(value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.number(value);
    if (value instanceof Date) return this.time(value);
    return writeText(textOf(value));
  };

  private boolean(value: unknown): string {
    if (value === null || value === undefined) return this.marks.unknown;
    return value ? this.marks.yes : this.marks.no;
  }

  /** `Intl` takes numbers as text too and keeps every digit of them. */
  private number(value: unknown): string {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? this.group(value) : this.float.format(value);
    const text = String(value);
    return isNumeric(text) ? this.float.format(text as unknown as number) : writeText(text);
  }

  /** Whole numbers are most of what lists show, and `Intl` takes ten times as long for them. */
  private group(value: number): string {
    if (this.separator === null) return this.integer.format(value);
    const digits = String(value);
    if (value < 1000 && value > -1000) return digits;
    const start = value < 0 ? 1 : 0;
    let end = digits.length - 3;
    let grouped = digits.slice(end);
    for (; end > start + 3; end -= 3) grouped = digits.slice(end - 3, end) + this.separator + grouped;
    return digits.slice(0, end) + this.separator + grouped;
  }

  private decimalWriter(scale: number): ValueWriter {
    const format = new Intl.NumberFormat(this.locale, { minimumFractionDigits: scale, maximumFractionDigits: scale });
    return (value) => (isNumeric(String(value)) ? format.format(value as number) : writeText(textOf(value)));
  }

  private day(value: unknown): string {
    const date = value instanceof Date ? value : new Date(`${String(value).slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? writeText(textOf(value)) : this.date.format(date);
  }

  private time(value: unknown): string {
    const date = value instanceof Date ? value : new Date(String(value));
    return Number.isNaN(date.getTime()) ? writeText(textOf(value)) : this.moment.format(date);
  }
}

/** What a language writes between groups of three Western digits; null where it writes numbers in another way. */
function separatorOf(format: Intl.NumberFormat): string | null {
  const [short, long, negative] = [format.format(1234), format.format(1234567), format.format(-1234)];
  const separator = /^1(\D)234$/.exec(short)?.[1];
  if (separator === undefined || long !== `1${separator}234${separator}567` || negative !== `-${short}`) return null;
  return separator;
}

function isBoolean({ kind, field }: Pick<ColumnDescriptor, 'kind' | 'field'>): boolean {
  return kind === 'boolean' || (kind === null && field?.kind === 'boolean' && !field.choices);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

function isNumeric(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null && value.toString === Object.prototype.toString
    ? JSON.stringify(value)
    : String(value);
}

function writeAny(value: unknown): string {
  return value instanceof SafeHtml ? value.toString() : writeText(textOf(value));
}

function writeText(text: string): string {
  return escapeHtml(shorten(text));
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function writeJson(value: unknown): string {
  return `<code>${writeText(typeof value === 'string' ? value : JSON.stringify(value))}</code>`;
}

/** A link only for absolute web addresses; anything else, such as `javascript:`, stays text. */
function writeLink(value: unknown): string {
  const text = String(value);
  if (!/^https?:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return writeText(text);
  return `<a href="${escapeHtml(text)}" rel="noopener noreferrer" target="_blank">${writeText(text.replace(/^https?:\/\//i, ''))}</a>`;
}

function writeEmail(value: unknown): string {
  const text = String(value);
  return /^[^\s@<>"'?&]+@[^\s@<>"'?&]+$/.test(text)
    ? `<a href="mailto:${escapeHtml(text)}">${writeText(text)}</a>`
    : writeText(text);
}

/** The fill is an attribute of the drawing, which a strict policy on styles allows. */
function writeColor(value: unknown): string {
  const text = String(value);
  if (!/^#[\da-f]{3,8}$/i.test(text)) return writeText(text);
  return `<svg class="bb-color" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill="${text}"/></svg>${text}`;
}

function choiceWriter(choices: NonNullable<FieldDescription['choices']>): ValueWriter {
  const badges = new Map(choices.map(({ value, label }) => [String(value), writeBadge(String(value), label)]));
  return (value) => badges.get(String(value)) ?? writeText(textOf(value));
}

function writeBadge(value: string, label: string): string {
  return `<span class="bb-badge-${badgeTone(value)}">${writeText(label)}</span>`;
}
