import { isIP } from 'node:net';

import { type JsonSchema } from '#core';

import { plainText } from '../plain-text.js';
import { type FieldIssue } from '../validation/field-issue.js';
import { Input, PasswordInput, Textarea } from '../widgets/input-widgets.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type FieldOptions, type RawInput } from './field.js';

/** Options of fields that hold text. */
export interface TextOptions<T = string | null> extends FieldOptions<T> {
  /** Most characters, counted as the database counts them (code points). */
  readonly maxLength?: number;
  readonly minLength?: number;
  /** Whether empty input is null instead of ''. */
  readonly nullable?: boolean;
  /** Whether spaces around the text are removed; true unless said otherwise. */
  readonly trim?: boolean;
  /** What the whole text must match. */
  readonly pattern?: RegExp;
}

/** One line of text. */
export class TextField<T extends string | null = string> extends Field<T> {
  /** The code of the issue for text that is not of the field's form. */
  protected readonly formCode: string = 'pattern';
  protected readonly inputType: string = 'text';
  /** The form as a schema says it. */
  protected readonly formOf: JsonSchema = {};

  constructor(override readonly options: TextOptions<T> = {}) {
    super(options);
  }

  protected createWidget(): Widget {
    return new Input(this.inputType);
  }

  protected emptyValue(): T {
    return (this.options.nullable ? null : '') as T;
  }

  protected toValue(raw: RawInput): T {
    if (typeof raw !== 'string') this.fail('invalid');
    if (raw.includes('\0')) this.fail('null_characters');
    if (!isWellFormed(raw)) this.fail('invalid_characters');
    const lines = raw.replace(/\r\n?/g, '\n');
    const text = this.normalize((this.options.trim ?? true) ? lines.trim() : lines);
    return text === '' ? this.emptyValue() : (text as T);
  }

  override fromJson(value: unknown): RawInput {
    return value === null && !this.options.nullable ? this.fail('null') : super.fromJson(value);
  }

  protected override valueSchema(): JsonSchema {
    const { maxLength, minLength = 0, pattern } = this.options;
    const least = Math.max(minLength, this.required ? 1 : 0);
    return {
      type: 'string',
      ...(least > 0 && this.required && { minLength: least }),
      ...(maxLength !== undefined && { maxLength }),
      ...(pattern && !/[ims]/.test(pattern.flags) && { pattern: `^(?:${pattern.source})$` }),
      ...this.formOf,
    };
  }

  protected override takesNull(): boolean {
    return !this.required && Boolean(this.options.nullable);
  }

  /** The text in its stored spelling. */
  protected normalize(text: string): string {
    return text;
  }

  /** Whether text has the form that the kind of field asks for. */
  protected hasForm(text: string): boolean {
    const { pattern } = this.options;
    return (
      pattern === undefined || new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, '')).test(text)
    );
  }

  protected override *check(value: T): Iterable<FieldIssue> {
    const { maxLength, minLength } = this.options;
    const length = lengthOf(value!);
    if (maxLength !== undefined && length > maxLength) {
      yield this.issue('max_length', { max: maxLength, length });
      return;
    }
    if (minLength !== undefined && length < minLength) yield this.issue('min_length', { min: minLength, length });
    if (!this.hasForm(value!)) yield this.issue(this.formCode);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    const { maxLength, minLength } = this.options;
    return { maxlength: maxLength, minlength: minLength };
  }
}

/** Several lines of text. */
export class TextareaField<T extends string | null = string> extends TextField<T> {
  protected override createWidget(): Widget {
    return new Textarea();
  }
}

// RFC 5321 allows 64 octets before the @ and 254 in all; quoted local parts are left out on purpose, as in HTML.
const EMAIL =
  /^[\w.!#$%&'*+/=?^`{|}~\p{L}\p{N}-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;
const MAX_EMAIL = 254;

/** An e-mail address; the domain is written in lower case. */
export class EmailField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'email';
  protected override readonly inputType = 'email';
  protected override readonly formOf: JsonSchema = { format: 'email' };

  protected override normalize(text: string): string {
    const at = text.lastIndexOf('@');
    return at < 0 ? text : text.slice(0, at) + text.slice(at).toLowerCase();
  }

  protected override hasForm(text: string): boolean {
    return text.length <= MAX_EMAIL && !text.includes('..') && EMAIL.test(text) && super.hasForm(text);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), autocomplete: 'email', inputmode: 'email' };
  }
}

const MAX_URL = 2048;

/** An http or https address. Other schemes are refused, `javascript:` among them. */
export class UrlField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'url';
  protected override readonly inputType = 'url';
  protected override readonly formOf: JsonSchema = { format: 'uri' };

  protected override hasForm(text: string): boolean {
    if (text.length > MAX_URL || /\s/.test(text) || !URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return /^https?:$/.test(protocol) && /^https?:\/\//i.test(text) && hostname !== '' && super.hasForm(text);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), inputmode: 'url' };
  }
}

/** Options of a slug. */
export interface SlugOptions<T = string | null> extends TextOptions<T> {
  /** Whether letters of every script are allowed. */
  readonly unicode?: boolean;
}

/** A short name for addresses: letters, digits, underscores and hyphens. */
export class SlugField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'slug';

  constructor(override readonly options: SlugOptions<T> = {}) {
    super(options);
  }

  protected override hasForm(text: string): boolean {
    return (this.options.unicode ? /^[\p{L}\p{N}_-]+$/u : /^[A-Za-z0-9_-]+$/).test(text) && super.hasForm(text);
  }

  protected override valueSchema(): JsonSchema {
    const schema = super.valueSchema();
    const letters = this.options.unicode ? '\\p{L}\\p{N}_' : 'A-Za-z0-9_';
    return { pattern: `^[${letters}-]${this.required ? '+' : '*'}$`, ...schema };
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), spellcheck: 'false', autocapitalize: 'none' };
  }
}

/** A password: never trimmed, never shown again. */
export class PasswordField<T extends string | null = string> extends TextField<T> {
  protected override readonly formOf: JsonSchema = { format: 'password' };

  constructor(options: TextOptions<T> = {}) {
    super({ trim: false, ...options });
  }

  protected override createWidget(): Widget {
    return new PasswordInput();
  }

  override show(): unknown {
    return '';
  }

  /** Nothing is shown of any password, and yet they differ. */
  override trace(value: unknown): unknown {
    return plainText(value);
  }

  override hasChanged(before: unknown, after: unknown): boolean {
    return before !== after;
  }
}

/** A telephone number as people write it. */
export class PhoneField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'phone';
  protected override readonly inputType = 'tel';

  protected override hasForm(text: string): boolean {
    const digits = text.replace(/\D/g, '').length;
    return (
      /^\+?[\d\s()./-]+(?:\s?(?:x|ext\.?)\s?\d+)?$/i.test(text) && digits >= 4 && digits <= 20 && super.hasForm(text)
    );
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { ...super.controlAttributes(), autocomplete: 'tel', inputmode: 'tel' };
  }
}

/** A color as `#rrggbb`, in lower case; `#rgb` is accepted. */
export class ColorField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'color';
  protected override readonly inputType = 'color';
  protected override readonly formOf: JsonSchema = { pattern: '^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$' };

  protected override normalize(text: string): string {
    const color = text.toLowerCase();
    return /^#[0-9a-f]{3}$/.test(color) ? color.replace(/[0-9a-f]/g, '$&$&') : color;
  }

  protected override hasForm(text: string): boolean {
    return /^#[0-9a-f]{6}$/.test(text);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return {};
  }
}

/** An IPv4 or IPv6 address. */
export class IpField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'ip';
  protected override readonly formOf: JsonSchema = { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] };

  protected override hasForm(text: string): boolean {
    return isIP(text) !== 0;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case with hyphens; braces, missing hyphens and `urn:uuid:` are accepted. Empty is null. */
export class UuidField<T extends string | null = string> extends TextField<T> {
  protected override readonly formCode = 'uuid';
  protected override readonly formOf: JsonSchema = { format: 'uuid' };

  constructor(options: TextOptions<T> = {}) {
    super({ nullable: true, ...options });
  }

  protected override normalize(text: string): string {
    const digits = text.toLowerCase().replace(/^urn:uuid:|[{}-]/g, '');
    return /^[0-9a-f]{32}$/.test(digits) ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : text;
  }

  protected override hasForm(text: string): boolean {
    return UUID.test(text);
  }

  override controlAttributes(): Readonly<Record<string, unknown>> {
    return { maxlength: 45, spellcheck: 'false', autocapitalize: 'none' };
  }
}

/** Characters as databases count them. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Whether no half of a surrogate pair stands alone. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
