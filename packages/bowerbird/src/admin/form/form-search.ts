import { Injectable } from '@nestjs/common';

import { type FormValues, type Reply } from '#http';

import { searchText } from '../related/autocomplete.js';
import { LinkedRows } from '../related/linked-rows.js';
import { RowSearch } from '../related/row-search.js';
import { listedName, type FoundRows } from '../related/search-widgets.js';
import { relationControl } from './form-builder.js';
import { FormPage } from './form-page.js';
import { type FormPlan } from './form-plan.js';
import { withoutErrors } from './form-view.js';

const FIND = '_find';
const ENTER = '_enter';
const SEARCH = '_search.';

/**
 * Searching for related rows without scripts: a button sends the form, and the page comes back with what was found
 * to choose from and with everything else as it was typed. Nothing is saved.
 */
@Injectable()
export class FormSearch {
  constructor(
    private readonly page: FormPage,
    private readonly search: RowSearch,
    private readonly linked: LinkedRows,
  ) {}

  /** The relation whose rows are searched: by its button, or by Enter after typing into its search box. */
  wanted(plan: FormPlan, values: FormValues): string | null {
    const pressed = values.get(FIND);
    if (pressed !== undefined) return this.searched(plan, pressed) ? pressed : null;
    if (!values.has(ENTER)) return null;
    return [...plan.scopes.keys()].find((path) => this.searched(plan, path) && this.text(values, path) !== '') ?? null;
  }

  async show(plan: FormPlan, path: string, values: FormValues): Promise<Reply> {
    const scope = plan.scopes.get(path)!;
    const text = this.text(values, path);
    const { results, more } = await this.search.find(
      { ...scope, descriptor: scope.descriptor! },
      text,
      1,
      plan.context,
      values.has(listedName(path)) && plan.row
        ? this.linked.of(plan.row, plan.descriptor.entity.relation(path)!)
        : undefined,
    );
    const found = new Map<string, FoundRows>([[path, { text, options: results, more }]]);
    const form = this.page.build(plan, { data: values, found, ...(plan.row && { instance: plan.row }) });
    const version = values.get('_version');
    return this.page.render(plan, withoutErrors(await form.view()), version === undefined ? {} : { version });
  }

  private text(values: FormValues, path: string): string {
    return searchText(values.get(`${SEARCH}${path}`) ?? '');
  }

  private searched({ scopes, descriptor }: FormPlan, path: string): boolean {
    const scope = scopes.get(path);
    return scope !== undefined && relationControl(descriptor.form.controls.get(path), scope) === 'search';
  }
}
