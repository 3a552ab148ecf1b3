import { Injectable } from '@nestjs/common';

import { type FormView } from '#forms';
import { Reply, type HttpRequest } from '#http';
import { type EntityKey } from '#orm';
import { addMessage } from '#sessions';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { noun } from '../site/labels.js';
import { PageFrame } from '../site/page-frame.js';
import { parseKeySegment } from '../site/row-key.js';
import { type ConflictView } from './conflict-view.js';
import { carried, listUrl, readFormAddress, rowUrl } from './form-address.js';
import { FormBuilder, type FormParts } from './form-builder.js';
import { FormButtons } from './form-buttons.js';
import { initialFrom } from './form-input.js';
import { FormPlans, type FormPlan } from './form-plan.js';
import { FormRows } from './form-rows.js';
import { FieldsetViews } from './form-view.js';
import { RowVersions } from './row-version.js';

/** What a form page shows beside its fields. */
export interface FormPageParts {
  /** 200 unless given. */
  readonly status?: number;
  /** Says what the row was loaded with; only on change forms. */
  readonly version?: string;
  readonly conflict?: ConflictView;
}

/** Answers the add and change pages of an entity. */
@Injectable()
export class FormPage {
  constructor(
    private readonly access: AdminAccess,
    private readonly plans: FormPlans,
    private readonly builder: FormBuilder,
    private readonly rows: FormRows,
    private readonly versions: RowVersions,
    private readonly fieldsets: FieldsetViews,
    private readonly buttons: FormButtons,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
  ) {}

  /** The empty form of a new row, filled with what the address says. */
  async add(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'add', context);
    const plan = await this.plans.make(descriptor, context, null);
    const form = this.builder.build(plan, { initial: initialFrom(plan, request.query) });
    return this.render(plan, await form.view());
  }

  /** The form of a row; only shown to users who may not change it. */
  async change(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const key = parseKeySegment(segment, descriptor.entity);
    const row = key === undefined ? null : await this.rows.forReading(descriptor, key, context);
    if (key === undefined || !row) return this.missing(descriptor, context, key);
    await this.access.demand(descriptor, 'view', context, row);
    const changeable = await this.access.may(descriptor, 'change', context, row);
    const plan = await this.plans.make(descriptor, context, row, changeable);
    return this.fresh(plan, key);
  }

  /** The form with the row as it is now. */
  async fresh(plan: FormPlan, key: EntityKey): Promise<Reply> {
    const form = this.builder.build(plan, { instance: plan.row! });
    const version = plan.editable.length > 0 ? await this.versions.sign(plan.descriptor, key, form) : undefined;
    return this.render(plan, await form.view(), version === undefined ? {} : { version });
  }

  /** The form with what was sent. */
  async render(
    plan: FormPlan,
    view: FormView,
    { status = 200, version, conflict }: FormPageParts = {},
  ): Promise<Reply> {
    const { descriptor, context, row } = plan;
    const address = readFormAddress(context);
    const changeable = plan.editable.length > 0 || row === null;
    const title = row ? descriptor.entity.text(row) : `Add ${noun(descriptor.label)}`;
    const steps = [{ label: title, url: null }];
    const { popup } = address;
    const model = {
      frame: await this.frame.build(context, { title, descriptor, steps, popup }),
      label: row ? descriptor.label : null,
      readOnly: !changeable,
      action: row
        ? rowUrl(descriptor, descriptor.entity.keyOf(row), 'change', address)
        : `${descriptor.path}add/${carried(address)}`,
      form: view,
      hidden: version === undefined ? [] : [{ name: '_version', value: version }],
      conflict: conflict ?? null,
      unsaved: status !== 200,
      fieldsets: await this.fieldsets.build(plan, view, popup),
      ...(await this.buttons.build(plan, address, changeable)),
    };
    return this.pages.render('form', model, descriptor, status);
  }

  /** Says that there is no such row and goes on to the list. @throws PermissionDeniedError */
  async missing(descriptor: AdminDescriptor, context: AdminContext, key: EntityKey | undefined): Promise<Reply> {
    await this.access.demand(descriptor, 'view', context);
    const name =
      key === undefined
        ? ''
        : ` with the key “${typeof key === 'string' ? key.slice(0, 80) : Object.values(key).join(', ').slice(0, 80)}”`;
    addMessage('warning', `There is no ${noun(descriptor.label)}${name}. It may have been deleted.`);
    return Reply.redirect(listUrl(descriptor, readFormAddress(context)));
  }

  /** Builds the form of a plan. */
  build(plan: FormPlan, parts: FormParts) {
    return this.builder.build(plan, parts);
  }

  /** The address of the row's own pages. */
  url(plan: FormPlan, key: EntityKey, page: string): string {
    return rowUrl(plan.descriptor, key, page, readFormAddress(plan.context));
  }
}
