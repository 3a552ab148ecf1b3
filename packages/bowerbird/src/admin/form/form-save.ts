import { Injectable } from '@nestjs/common';

import { formValues, Reply, type FormValues, type HttpRequest } from '#http';
import { Databases, type EntityKey } from '#orm';
import { addMessage } from '#sessions';

import { LinkedRows } from '../related/linked-rows.js';
import { listedName } from '../related/search-widgets.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { noun } from '../site/labels.js';
import { parseKeySegment } from '../site/row-key.js';
import { type AdminForm } from './admin-form.js';
import { ConflictViews, type Conflict } from './conflict-view.js';
import { FormAnswers } from './form-answers.js';
import { type FormParts } from './form-builder.js';
import { keptSecrets, withSlugs } from './form-input.js';
import { FormPage } from './form-page.js';
import { FormPlans, type FormPlan } from './form-plan.js';
import { FormRows } from './form-rows.js';
import { FormSearch } from './form-search.js';
import { FormWriter, refusalStatus } from './form-writer.js';
import { lockRow } from './lock-row.js';
import { RowVersions } from './row-version.js';

/** What became of a change form. */
type Outcome =
  | { readonly kind: 'gone' }
  | { readonly kind: 'stale'; readonly conflict: Conflict }
  | { readonly kind: 'invalid'; readonly plan: FormPlan; readonly form: AdminForm }
  | { readonly kind: 'saved'; readonly plan: FormPlan; readonly row: object };

/** Saves what was posted to the add and change pages. */
@Injectable()
export class FormSave {
  constructor(
    private readonly access: AdminAccess,
    private readonly plans: FormPlans,
    private readonly page: FormPage,
    private readonly rows: FormRows,
    private readonly versions: RowVersions,
    private readonly writer: FormWriter,
    private readonly search: FormSearch,
    private readonly conflicts: ConflictViews,
    private readonly answers: FormAnswers,
    private readonly linked: LinkedRows,
    private readonly databases: Databases,
  ) {}

  /** @throws PermissionDeniedError */
  async add(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'add', context);
    const plan = await this.plans.make(descriptor, context, null);
    const values = withSlugs(plan, formValues(request));
    const wanted = this.search.wanted(plan, values);
    if (wanted !== null) return this.search.show(plan, wanted, values);
    return this.insert(plan, values);
  }

  /** @throws PermissionDeniedError for users who may not change the row */
  async change(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const key = parseKeySegment(segment, descriptor.entity);
    const row = key === undefined ? null : await this.rows.forSaving(descriptor, key, context);
    if (key === undefined || !row) return this.gone(descriptor, context, key);
    await this.access.demand(descriptor, 'change', context, row);
    const plan = await this.plans.make(descriptor, context, row);
    const values = withSlugs(plan, formValues(request));
    const wanted = this.search.wanted(plan, values);
    if (wanted !== null) return this.search.show(plan, wanted, values);
    if (descriptor.form.saveAsNew && values.has('_saveasnew')) return this.saveAsNew(plan, values);
    return this.answer(plan, key, values, await this.update(plan, key, values));
  }

  private async insert(
    plan: FormPlan,
    values: FormValues,
    copy?: Pick<FormParts, 'initial' | 'copied'>,
  ): Promise<Reply> {
    const { files } = plan.context.request;
    const form = this.page.build(plan, { data: values, ...(files && { files }), ...copy });
    const row = await this.writer.write(plan, form);
    if (row) return this.answers.saved(plan, row, values);
    return this.page.render(plan, await form.view(), { status: refusalStatus(form) });
  }

  /** A new row from the form of another one; its files are shared, and links that the form has not listed are copied. */
  private async saveAsNew({ descriptor, context, row, scopes }: FormPlan, values: FormValues): Promise<Reply> {
    await this.access.demand(descriptor, 'add', context);
    const plan = await this.plans.make(descriptor, context, null);
    const files = plan.editable.filter((path) => /^(file|image)$/.test(descriptor.entity.field(path)?.format ?? ''));
    const initial: Record<string, unknown> = Object.fromEntries(
      files.map((path) => [path, (row as Record<string, unknown>)[path]]),
    );
    for (const [path, { limit, target }] of scopes) {
      if (!values.has(listedName(path))) continue;
      const links = await limit(this.linked.of(row!, descriptor.entity.relation(path)!)).all();
      initial[path] = links.map((linked) => target.keyOf(linked));
    }
    return this.insert(plan, values, { initial, copied: row! });
  }

  /** Everything in one transaction that holds the row, so that nobody can change it between the comparison and the save. */
  private async update(plan: FormPlan, key: EntityKey, values: FormValues): Promise<Outcome> {
    const { descriptor, context } = plan;
    const database = this.databases.get(descriptor.entity.database);
    return database.atomic(async (): Promise<Outcome> => {
      await lockRow(database, plan.row!);
      const row = await this.rows.forSaving(descriptor, key, context);
      if (!row) return { kind: 'gone' };
      await this.access.demand(descriptor, 'change', context, row);
      const current = await this.plans.make(descriptor, context, row);
      const { files } = context.request;
      const kept = keptSecrets(current, values);
      const form = this.page.build(current, { data: values, ...(files && { files }), instance: row, kept });
      const conflict = await this.conflict(current, key, form, values);
      if (conflict) return { kind: 'stale', conflict };
      const saved = await this.writer.write(current, form);
      return saved ? { kind: 'saved', plan: current, row: saved } : { kind: 'invalid', plan: current, form };
    });
  }

  /**
   * What would be overwritten: values that others changed since the form was loaded and that the form would set to
   * something else. The same form sent twice overwrites nothing.
   */
  private async conflict(
    plan: FormPlan,
    key: EntityKey,
    form: AdminForm,
    values: FormValues,
  ): Promise<Conflict | null> {
    const version = this.versions.read(plan.descriptor, key, values.get('_version'));
    const theirs = await this.versions.changedSince(version, form);
    if (theirs.size === 0) return null;
    await form.isValid();
    const overwritten = form.changed.filter((path) => theirs.has(path));
    if (overwritten.length === 0) return null;
    return { form, version, theirs: new Set(overwritten), mine: await this.versions.enteredSince(version, form) };
  }

  private answer(plan: FormPlan, key: EntityKey, values: FormValues, outcome: Outcome): Promise<Reply> {
    if (outcome.kind === 'gone') return this.gone(plan.descriptor, plan.context, key);
    if (outcome.kind === 'stale') return this.overtaken(plan, key, outcome.conflict);
    if (outcome.kind === 'invalid') return this.again(outcome.plan, outcome.form, values);
    return this.answers.saved(outcome.plan, outcome.row, values);
  }

  /** What was entered, with what is wrong with it. */
  private async again(plan: FormPlan, form: AdminForm, values: FormValues): Promise<Reply> {
    const version = values.get('_version');
    const status = refusalStatus(form);
    return this.page.render(plan, await form.view(), { status, ...(version !== undefined && { version }) });
  }

  /**
   * Status 409: the form again, with the row as it is now and those entries that collide with nothing. It carries a new
   * version, so that saving it is a decision made in view of the others' changes.
   */
  private async overtaken({ descriptor, context }: FormPlan, key: EntityKey, conflict: Conflict): Promise<Reply> {
    const row = await this.rows.forReading(descriptor, key, context);
    if (!row) return this.gone(descriptor, context, key);
    const plan = await this.plans.make(descriptor, context, row);
    const entries = [...conflict.mine]
      .filter((path) => !conflict.theirs.has(path))
      .map((path) => [path, conflict.form.entered(path)] as const);
    const initial = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    const version = await this.versions.sign(descriptor, key, this.page.build(plan, { instance: row }));
    const form = this.page.build(plan, { instance: row, initial });
    const discardUrl = this.page.url(plan, key, 'change');
    const view = await this.conflicts.build(plan, key, conflict, discardUrl);
    return this.page.render(plan, await form.view(), { status: 409, version, conflict: view });
  }

  private async gone(descriptor: AdminDescriptor, context: AdminContext, key: EntityKey | undefined): Promise<Reply> {
    await this.access.demand(descriptor, 'view', context);
    if (key === undefined) return this.page.missing(descriptor, context, key);
    addMessage('error', `Nothing was saved: this ${noun(descriptor.label)} was deleted in the meantime.`);
    return this.answers.list(descriptor, context);
  }
}
