import { Injectable } from '@nestjs/common';

import { type FieldView, type FormView } from '#forms';

import { RelatedLinks, type RelatedField, type RelatedLink } from '../related/related-links.js';
import { type FieldsetDescriptor } from '../site/admin-descriptor.js';
import { type FormPlan } from './form-plan.js';
import { ShownValues, type ShownValue } from './shown-values.js';

/** One place of a line: a field with the links beside it, or a value that is only shown. */
export type FormEntry = { readonly field: FieldView; readonly tools: readonly RelatedLink[] } | ShownValue;

/** One section of a form. */
export interface FieldsetView {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly collapsed: boolean;
  /** A collapsed section is open while something in it is wrong. */
  readonly open: boolean;
  readonly lines: readonly (readonly FormEntry[])[];
}

/** Arranges the fields of a form in the declared sections. */
@Injectable()
export class FieldsetViews {
  constructor(
    private readonly values: ShownValues,
    private readonly links: RelatedLinks,
  ) {}

  async build(plan: FormPlan, view: FormView, popup: boolean): Promise<readonly FieldsetView[]> {
    const views: FieldsetView[] = [];
    for (const [index, set] of plan.descriptor.form.fieldsets.entries())
      views.push(await this.fieldset(plan, set, `set-${index + 1}`, view, popup));
    return views.filter(({ lines }) => lines.length > 0);
  }

  private async fieldset(
    plan: FormPlan,
    { title, description, collapsed, lines }: FieldsetDescriptor,
    id: string,
    view: FormView,
    popup: boolean,
  ): Promise<FieldsetView> {
    const shown: FormEntry[][] = [];
    for (const line of lines) {
      const entries: FormEntry[] = [];
      for (const name of line) entries.push(await this.entry(plan, name, view, popup));
      shown.push(entries);
    }
    const open = shown.flat().some((entry) => 'field' in entry && entry.field.invalid);
    return { id, title, description, collapsed, open, lines: shown };
  }

  private async entry(plan: FormPlan, name: string, view: FormView, popup: boolean): Promise<FormEntry> {
    const { descriptor, context, row, scopes } = plan;
    const field = view.byName[name];
    if (!field) return this.values.show(descriptor, name, row, context);
    const scope = scopes.get(name);
    // A small window opens no further ones.
    const tools = scope && !popup ? await this.links.beside(scope.descriptor, relatedField(field), context) : [];
    return { field, tools };
  }
}

function relatedField({ htmlName: name, widget: { value } }: FieldView): RelatedField {
  return { name, many: Array.isArray(value), chosen: typeof value === 'string' ? value : '' };
}

/** A view that shows what was typed and says nothing about mistakes, for forms that are not being saved. */
export function withoutErrors(view: FormView): FormView {
  const calm = (field: FieldView): FieldView => {
    const describedBy = field.help ? field.helpId : '';
    const attrs = { ...field.widget.attrs, 'aria-invalid': null, 'aria-describedby': describedBy || null };
    return { ...field, errors: [], invalid: false, describedBy, widget: { ...field.widget, attrs } };
  };
  const byName = Object.fromEntries(Object.entries(view.byName).map(([name, field]) => [name, calm(field)]));
  return {
    ...view,
    byName,
    fields: view.fields.map(calm),
    hidden: view.hidden.map(calm),
    errors: [],
    summary: [],
    invalid: false,
  };
}
