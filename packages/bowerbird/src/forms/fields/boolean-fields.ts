import { type JsonSchema } from '#core';

import { NullableBooleanSelect } from '../widgets/choice-widgets.js';
import { Checkbox, HiddenInput } from '../widgets/input-widgets.js';
import { type Widget } from '../widgets/widget.js';
import { Field, type RawInput } from './field.js';

const TRUE = /^(true|on|yes|1)$/i;
const FALSE = /^(false|off|no|0)$/i;

/** Yes or no. `required` means that it must be yes (terms of use). */
export class BooleanField extends Field<boolean> {
  protected createWidget(): Widget {
    return new Checkbox();
  }

  protected emptyValue(): boolean {
    return false;
  }

  protected toValue(raw: RawInput): boolean {
    if (typeof raw === 'boolean') return raw;
    if (typeof raw === 'string' && TRUE.test(raw)) return true;
    if (typeof raw === 'string' && FALSE.test(raw)) return false;
    return this.fail('boolean');
  }

  override fromJson(value: unknown): RawInput {
    return typeof value === 'boolean' ? value : this.fail('boolean');
  }

  protected override valueSchema(): JsonSchema {
    return this.required ? { type: 'boolean', const: true } : { type: 'boolean' };
  }

  protected override takesNull(): boolean {
    return false;
  }

  override get required(): boolean {
    return this.options.required ?? false;
  }

  override isEmpty(value: boolean): boolean {
    return !value;
  }

  override show(value: unknown): unknown {
    return this.widget instanceof HiddenInput ? String(Boolean(value)) : Boolean(value);
  }
}

/** Yes, no or unknown (null). */
export class NullableBooleanField extends Field<boolean | null> {
  protected createWidget(): Widget {
    return new NullableBooleanSelect();
  }

  protected emptyValue(): boolean | null {
    return null;
  }

  protected toValue(raw: RawInput): boolean | null {
    if (typeof raw === 'boolean') return raw;
    if (typeof raw === 'string' && TRUE.test(raw)) return true;
    if (typeof raw === 'string' && FALSE.test(raw)) return false;
    return this.fail('boolean');
  }

  override fromJson(value: unknown): RawInput {
    return value === null || typeof value === 'boolean' ? value : this.fail('boolean');
  }

  protected override valueSchema(): JsonSchema {
    return { type: 'boolean' };
  }

  override get required(): boolean {
    return this.options.required ?? false;
  }
}
