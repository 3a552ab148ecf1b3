import { type JsonSchema } from '#core';

import { Textarea } from '../widgets/input-widgets.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type RawInput } from './field.js';

/** A JSON document. What does not parse is shown again as it was typed, with the parser's reason. */
export class JsonField<T = unknown> extends Field<T | null> {
  protected createWidget(): Widget {
    return new Textarea({ spellcheck: 'false', class: 'bb-textarea bb-code' });
  }

  protected emptyValue(): T | null {
    return null;
  }

  protected toValue(raw: RawInput): T | null {
    if (typeof raw !== 'string') return raw as T;
    try {
      const value = JSON.parse(raw, refuseNullCharacters) as T;
      return value;
    } catch (error) {
      return this.fail('json', { reason: (error as Error).message });
    }
  }

  override fromJson(value: unknown): RawInput {
    return value === null ? null : JSON.stringify(value);
  }

  protected override valueSchema(): JsonSchema {
    return this.required ? { type: ['object', 'array', 'string', 'number', 'boolean'] } : {};
  }

  protected override isEmptyInput(raw: RawInput): boolean {
    return super.isEmptyInput(typeof raw === 'string' ? raw.trim() : raw);
  }

  /** An empty list is a document, not nothing. */
  override isEmpty(value: T | null): boolean {
    return value === null;
  }

  override show(value: unknown): unknown {
    return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
  }

  override hasChanged(before: unknown, after: unknown): boolean {
    return canonical(before ?? null) !== canonical(after ?? null);
  }
}

/** PostgreSQL stores no null characters, not even escaped ones. */
function refuseNullCharacters(key: string, value: unknown): unknown {
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0')))
    throw new SyntaxError('null characters are not allowed');
  return value;
}

/** JSON with the names of objects in order, because databases do not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
