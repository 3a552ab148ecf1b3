import { Injectable } from '@nestjs/common';

import { keyText } from '#forms';
import { Reply, type FormValues } from '#http';
import { addMessage } from '#sessions';

import { AdminConfig } from '../admin.options.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { noun } from '../site/labels.js';
import { PageFrame } from '../site/page-frame.js';
import { carried, listUrl, readFormAddress, rowUrl } from './form-address.js';
import { type FormPlan } from './form-plan.js';
import { FormRows } from './form-rows.js';

/** Answers after a row was saved: a message, and the page that the pressed button leads to. */
@Injectable()
export class FormAnswers {
  constructor(
    private readonly config: AdminConfig,
    private readonly access: AdminAccess,
    private readonly rows: FormRows,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
  ) {}

  /** @param button what was pressed, where the form has only one */
  async saved(plan: FormPlan, row: object, values: FormValues, button?: '_continue'): Promise<Reply> {
    const { descriptor, context } = plan;
    const address = readFormAddress(context);
    const key = descriptor.entity.keyOf(row);
    const visible = await this.isVisible(descriptor, context, key);
    if (address.popup) return this.handBack(plan, row);
    this.tell(plan, row, visible ? rowUrl(descriptor, key, 'change', { ...address, list: '' }) : null);
    if ((button === '_continue' || values.has('_continue')) && visible)
      return Reply.redirect(rowUrl(descriptor, key, 'change', address));
    if (values.has('_addanother') && (await this.access.may(descriptor, 'add', context)))
      return Reply.redirect(`${descriptor.path}add/${carried(address)}`);
    return this.list(descriptor, context);
  }

  /** Back to the list as it was left, or to the index for people who may not see it. */
  async list(descriptor: AdminDescriptor, context: AdminContext): Promise<Reply> {
    const may = await this.access.may(descriptor, 'view', context);
    return Reply.redirect(may ? listUrl(descriptor, readFormAddress(context)) : this.config.path);
  }

  private tell({ descriptor, row }: FormPlan, saved: object, url: string | null): void {
    const text = descriptor.entity.text(saved);
    const name = noun(descriptor.label);
    const done = row ? 'saved' : 'added';
    if (url === null) addMessage('success', `The ${name} “${text}” was ${done}.`);
    else addMessage('success', `The ${name} was ${done}:`, { text, url });
  }

  /** The page that gives the saved row to the form that opened this window. */
  private async handBack({ descriptor, context, row }: FormPlan, saved: object): Promise<Reply> {
    const { entity } = descriptor;
    const text = entity.text(saved);
    const title = row ? 'Saved' : 'Added';
    const model = {
      frame: await this.frame.build(context, { title, descriptor, popup: true }),
      saved: {
        action: row ? 'change' : 'add',
        entity: entity.key,
        value: keyText(entity.keyOf(saved)),
        label: text,
      },
    };
    return this.pages.render('saved', model, descriptor);
  }

  /** Whether the row is still within what the user may see after it was saved. */
  private async isVisible(
    descriptor: AdminDescriptor,
    context: AdminContext,
    key: ReturnType<AdminDescriptor['entity']['keyOf']>,
  ): Promise<boolean> {
    const row = await this.rows.forSaving(descriptor, key, context);
    return row !== null && this.access.may(descriptor, 'view', context, row);
  }
}
