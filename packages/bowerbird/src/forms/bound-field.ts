import { afterwards } from '#core';

import { type Field, type FieldContext, type RawInput } from './fields/field.js';
import { htmlId } from './form-names.js';
import { type FormSource } from './form-source.js';

/** One field of one form: where its input is, what it was before, and what became of it. */
export class BoundField {
  /** What was sent, once it was read. */
  private raw: RawInput = undefined;
  private wasRead = false;
  /** The value after all rules, when there is one. */
  value: unknown = undefined;
  /** Whether `value` holds: the field was read and nothing is wrong with it. */
  valid = false;

  constructor(
    readonly name: string,
    readonly field: Field,
    readonly htmlName: string,
    readonly context: FieldContext,
  ) {}

  /** The id of its control. */
  get id(): string {
    return htmlId(this.htmlName);
  }

  /** Whether the client sent nothing for it. */
  isOmitted(source: FormSource): boolean {
    return source.json ? !Object.hasOwn(source.json, this.name) : this.field.widget.isOmitted(source, this.htmlName);
  }

  /** Reads and cleans the input; a locked field keeps its value. @throws ValidationError */
  clean(source: FormSource): void | Promise<void> {
    if (this.field.locked) return this.take(this.context.initial ?? null);
    this.wasRead = true;
    this.raw = this.readFrom(source);
    return afterwards(this.field.clean(this.raw, this.context), (value) => this.take(value));
  }

  private take(value: unknown): void {
    this.value = value;
    this.valid = true;
  }

  private readFrom(source: FormSource): RawInput {
    if (!source.json) return this.field.read(source, this.htmlName);
    return this.isOmitted(source) ? undefined : this.field.fromJson(source.json[this.name]);
  }

  /** Whether the input differs from what was there before; a value that is not valid always does. */
  get changed(): boolean {
    if (this.field.locked) return false;
    return !this.valid || this.field.hasChanged(this.context.initial, this.value, this.context);
  }

  /** What the control shows: the input as it was typed, else the initial value. */
  get shown(): unknown {
    if (this.wasRead) return this.raw ?? '';
    return this.field.show(this.context.initial, this.context);
  }
}
