import { type FormSource } from '../form-source.js';
import { type WidgetState, type WidgetView } from './widget-view.js';
import { Widget, type Attributes } from './widget.js';

/** An `<input>` of any type that holds one text. */
export class Input extends Widget {
  readonly template: string = 'forms/widgets/input';

  constructor(
    readonly type = 'text',
    attrs: Attributes = {},
  ) {
    super(attrs);
  }

  override view(state: WidgetState): WidgetView {
    const { name, id, value } = state;
    const attrs = { id, class: 'bb-input', ...state.attrs, ...this.attrs };
    return { template: this.template, type: this.type, name, id, value, attrs };
  }
}

/** A password: what was typed is never sent back. */
export class PasswordInput extends Input {
  constructor(attrs: Attributes = {}) {
    super('password', attrs);
  }

  override view(state: WidgetState): WidgetView {
    return { ...super.view(state), value: '' };
  }
}

/** A value that travels with the form without being shown. */
export class HiddenInput extends Input {
  override readonly hidden = true;

  constructor(attrs: Attributes = {}) {
    super('hidden', attrs);
  }

  override view(state: WidgetState): WidgetView {
    const { name, id, value } = state;
    return { template: this.template, type: this.type, name, id, value, attrs: { id, ...this.attrs } };
  }
}

/** Several lines of text. */
export class Textarea extends Widget {
  readonly template: string = 'forms/widgets/textarea';

  override view(state: WidgetState): WidgetView {
    const { name, id, value } = state;
    const attrs = { id, class: 'bb-textarea', rows: 6, ...state.attrs, ...this.attrs };
    return { template: this.template, name, id, value, attrs };
  }
}

/** A checkbox. Browsers send nothing for an empty one, so nothing means false. */
export class Checkbox extends Widget {
  readonly template: string = 'forms/widgets/checkbox';
  override readonly inline = true;

  override read(source: FormSource, name: string): unknown {
    const value = source.values.get(name);
    return value !== undefined && !/^(|false|0|off|no)$/i.test(value);
  }

  override isOmitted(): boolean {
    return false;
  }

  override view(state: WidgetState): WidgetView {
    const { name, id } = state;
    const checked = state.value === true || state.value === 'true';
    const attrs = { id, class: 'bb-checkbox', ...state.attrs, ...this.attrs, checked };
    return { template: this.template, name, id, value: 'true', attrs };
  }
}

/** The value as text, for fields that only show. */
export class ReadOnlyText extends Widget {
  readonly template: string = 'forms/widgets/readonly';

  override async view(state: WidgetState): Promise<WidgetView> {
    const { name, id } = state;
    const chosen = await state.chosen();
    const value = chosen.length > 0 ? chosen.map(({ label }) => label).join(', ') : textOf(state.value);
    return { template: this.template, name, id, value, attrs: { id, class: 'bb-readonly' } };
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
