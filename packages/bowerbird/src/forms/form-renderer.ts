import { type BoundField } from './bound-field.js';
import { WHOLE_FORM, type FormErrors } from './form-errors.js';
import { labelOf } from './form-names.js';
import { ReadOnlyText } from './widgets/input-widgets.js';
import {
  type FieldView,
  type FormView,
  type GroupView,
  type WidgetState,
  type WidgetView,
} from './widgets/widget-view.js';
import { type Widget } from './widgets/widget.js';

/** Fields under one legend, by name. */
export interface FieldGroup {
  readonly legend: string;
  readonly description?: string;
  readonly fields: readonly string[];
}

/** What the views are made from. */
export interface ViewParts {
  readonly fields: readonly BoundField[];
  readonly errors: FormErrors;
  readonly groups: readonly FieldGroup[];
}

/** Builds the plain data that the form templates draw. */
export async function viewOfForm({ fields, errors, groups }: ViewParts): Promise<FormView> {
  const views: FieldView[] = [];
  for (const field of fields) views.push(await viewOfField(field, errors));
  const hidden = fields.map(({ field }) => widgetOf(field).hidden);
  const visible = views.filter((_, index) => !hidden[index]);
  return {
    fields: visible,
    hidden: views.filter((_, index) => hidden[index]),
    groups: groupsOf(visible, groups),
    byName: Object.fromEntries(views.map((view) => [view.name, view])),
    errors: [...wholeErrors(errors, views, hidden)],
    summary: visible.flatMap(({ label, id, errors: messages }) =>
      messages.map((message) => ({ label, message, href: `#${id}` })),
    ),
    multipart: fields.some(({ field }) => field.widget.multipart),
    invalid: errors.size > 0,
  };
}

/** Issues of the whole form, and those of hidden fields, which have no place of their own. */
function* wholeErrors(errors: FormErrors, views: readonly FieldView[], hidden: readonly boolean[]): Iterable<string> {
  for (const { message } of errors.get(WHOLE_FORM)) yield message;
  for (const [index, view] of views.entries())
    if (hidden[index]) for (const message of view.errors) yield `${view.label}: ${message}`;
}

function groupsOf(views: readonly FieldView[], groups: readonly FieldGroup[]): readonly GroupView[] {
  const named = new Set(groups.flatMap(({ fields }) => fields));
  const rest = views.filter(({ name }) => !named.has(name));
  const shown = groups.map(({ legend, description = '', fields }) => ({
    legend,
    description,
    fields: fields.flatMap((name) => views.filter((view) => view.name === name)),
  }));
  return [...(rest.length > 0 ? [{ legend: '', description: '', fields: rest }] : []), ...shown];
}

function widgetOf(field: BoundField['field']): Widget {
  return field.options.readOnly ? new ReadOnlyText() : field.widget;
}

async function viewOfField(bound: BoundField, errors: FormErrors): Promise<FieldView> {
  const { field, name, id, htmlName } = bound;
  const widget = widgetOf(field);
  const messages = errors.get(name).map(({ message }) => message);
  const help = field.options.help ?? '';
  const [helpId, errorId] = [`${id}_help`, `${id}_error`];
  const describedBy = [messages.length > 0 && errorId, help && helpId].filter(Boolean).join(' ');
  const about = { describedBy, invalid: messages.length > 0 };
  return {
    name,
    htmlName,
    id,
    label: field.options.label ?? labelOf(name),
    help,
    helpId,
    errors: messages,
    errorId,
    required: field.required && !field.locked,
    readOnly: Boolean(field.options.readOnly),
    grouped: widget.grouped,
    inline: widget.inline,
    ...about,
    widget: await viewOfWidget(bound, widget, about),
  };
}

function viewOfWidget(
  bound: BoundField,
  widget: Widget,
  about: { readonly describedBy: string; readonly invalid: boolean },
): WidgetView | Promise<WidgetView> {
  const { field, context } = bound;
  const shown = bound.shown;
  const state: WidgetState = {
    name: bound.htmlName,
    id: bound.id,
    value: shown,
    attrs: attributesOf(field, about),
    required: field.required,
    label: field.options.label ?? labelOf(bound.name),
    initial: field.present(context.initial, context),
    options: () => field.choices(shown, context),
    chosen: () => field.chosen(shown, context),
  };
  return widget.view(state);
}

function attributesOf(
  field: BoundField['field'],
  { describedBy, invalid }: { readonly describedBy: string; readonly invalid: boolean },
): Readonly<Record<string, unknown>> {
  const { disabled, placeholder, autocomplete, attrs } = field.options;
  return {
    ...field.controlAttributes(),
    ...(autocomplete && { autocomplete }),
    ...(placeholder && { placeholder }),
    ...attrs,
    required: field.required && !field.locked,
    disabled: disabled ?? false,
    'aria-describedby': describedBy || null,
    'aria-invalid': invalid ? 'true' : null,
  };
}
