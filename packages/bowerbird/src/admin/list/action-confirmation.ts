import { Injectable } from '@nestjs/common';

import { type Reply } from '#http';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { FormatRegistry } from '../site/format-registry.js';
import { noun } from '../site/labels.js';
import { PageFrame } from '../site/page-frame.js';
import { type ActionRequest } from './list-actions.js';

/** Most selected rows that the page names. */
const SAMPLE = 10;

/** The page that asks before an action runs. It posts the same selection again, confirmed. */
@Injectable()
export class ActionConfirmation {
  constructor(
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
    private readonly formats: FormatRegistry,
  ) {}

  async ask(
    descriptor: AdminDescriptor,
    context: AdminContext,
    { action, rows, count, segments, across, backUrl }: ActionRequest,
  ): Promise<Reply> {
    const many = noun(count === 1 ? descriptor.label : descriptor.labelPlural);
    const title = `${action.label}: ${this.formats.current().count(count)} ${many}`;
    const sample = await rows.orderBy('pk').slice(0, SAMPLE).all();
    const model = {
      frame: await this.frame.build(context, { title, descriptor, steps: [{ label: action.label, url: null }] }),
      question: action.confirm,
      summary: `${this.formats.current().count(count)} ${many} ${count === 1 ? 'is' : 'are'} selected.`,
      sample: sample.map((row) => ({ text: descriptor.entity.text(row) })),
      more: count > SAMPLE ? `and ${this.formats.current().count(count - SAMPLE)} more` : null,
      hidden: [
        { name: 'confirmed', value: '1' },
        ...(across ? [{ name: 'across', value: '1' }] : segments.map((value) => ({ name: 'selected', value }))),
      ],
      action: { url: backUrl, name: action.name, label: action.label, danger: action.danger },
      cancelUrl: backUrl,
    };
    return this.pages.render('confirm-action', model, descriptor);
  }
}
