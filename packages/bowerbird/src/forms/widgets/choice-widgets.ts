import { type FormSource } from '../form-source.js';
import { type OptionView, type WidgetState, type WidgetView } from './widget-view.js';
import { Widget } from './widget.js';

/** The option that stands for nothing. */
const nothing = (label: string, selected: boolean): OptionView => ({ value: '', label, selected });

/** A `<select>` of one value. Where there are too many to list, a text field for the key. */
export class Select extends Widget {
  readonly template: string = 'forms/widgets/select';
  /** Label of the empty option. */
  readonly emptyLabel: string = '---------';

  override async view(state: WidgetState): Promise<WidgetView> {
    const { name, id, value, required, initial } = state;
    const listed = await state.options();
    if (!listed) return this.keyField(state);
    const chosen = listed.some(({ selected }) => selected);
    const empty = !required || !chosen || initial === undefined ? [nothing(this.emptyLabel, !chosen)] : [];
    const attrs = { id, class: 'bb-select', ...state.attrs, ...this.attrs };
    return { template: this.template, name, id, value, attrs, options: [...empty, ...listed] };
  }

  private async keyField({ name, id, value, attrs, chosen }: WidgetState): Promise<WidgetView> {
    const extra = { chosen: await chosen() };
    return { template: 'forms/widgets/key', name, id, value, attrs: { id, class: 'bb-input', ...attrs }, extra };
  }
}

/** A group of radio buttons. */
export class RadioButtons extends Widget {
  readonly template: string = 'forms/widgets/radio';
  override readonly grouped = true;

  override async view(state: WidgetState): Promise<WidgetView> {
    const { name, id, value, required } = state;
    const listed = (await state.options()) ?? [];
    const chosen = listed.some(({ selected }) => selected);
    const options = required ? listed : [nothing('None', !chosen), ...listed];
    return { template: this.template, name, id, value, attrs: controlAttributes(state), options: withIds(id, options) };
  }
}

/** A `<select multiple>`. */
export class MultipleSelect extends Widget {
  readonly template: string = 'forms/widgets/select';

  override read(source: FormSource, name: string): unknown {
    return source.values.all(name).filter((value) => value !== '');
  }

  /** Browsers send nothing when nothing is chosen. */
  override isOmitted(): boolean {
    return false;
  }

  override async view(state: WidgetState): Promise<WidgetView> {
    const { name, id, value } = state;
    const listed = await state.options();
    if (!listed) return this.keyField(state);
    const attrs = { id, class: 'bb-select', multiple: true, ...state.attrs, ...this.attrs };
    return { template: this.template, name, id, value, attrs, options: listed };
  }

  private async keyField({ name, id, value, attrs, chosen }: WidgetState): Promise<WidgetView> {
    const keys = Array.isArray(value) ? value : [];
    const extra = { chosen: await chosen(), blank: [''] };
    return {
      template: 'forms/widgets/keys',
      name,
      id,
      value: keys,
      attrs: { class: 'bb-input', ...attrs, required: false },
      extra,
    };
  }
}

/** A box for each value. */
export class CheckboxGroup extends MultipleSelect {
  override readonly template: string = 'forms/widgets/checkboxes';
  override readonly grouped = true;

  override async view(state: WidgetState): Promise<WidgetView> {
    const { name, id, value } = state;
    const options = withIds(id, (await state.options()) ?? []);
    return {
      template: this.template,
      name,
      id,
      value,
      attrs: { ...controlAttributes(state), required: false },
      options,
    };
  }
}

/** Yes, no, or unknown. */
export class NullableBooleanSelect extends Widget {
  readonly template: string = 'forms/widgets/select';

  override view(state: WidgetState): WidgetView {
    const { name, id, value } = state;
    const shown = String(value);
    const options = [
      nothing('Unknown', shown !== 'true' && shown !== 'false'),
      { value: 'true', label: 'Yes', selected: shown === 'true' },
      { value: 'false', label: 'No', selected: shown === 'false' },
    ];
    const attrs = { id, class: 'bb-select', ...state.attrs, ...this.attrs };
    return { template: this.template, name, id, value, attrs, options };
  }
}

/** Ids of the single controls: the group's own id is on the first, so that the error summary can link to it. */
function withIds(id: string, options: readonly OptionView[]): readonly OptionView[] {
  return options.map((option, index) => ({ ...option, id: index === 0 ? id : `${id}_${index}` }));
}

/** What each control of a group carries; help and errors are tied to the group itself. */
function controlAttributes({ attrs }: WidgetState): Readonly<Record<string, unknown>> {
  const { 'aria-describedby': _describedBy, ...rest } = attrs;
  return rest;
}
