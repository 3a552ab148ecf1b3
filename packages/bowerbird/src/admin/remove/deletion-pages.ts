import { Injectable } from '@nestjs/common';

import { type Reply } from '#http';

import { AdminPages } from '../site/admin-pages.js';
import { FormatRegistry } from '../site/format-registry.js';
import { noun } from '../site/labels.js';
import { PageFrame, type Breadcrumb } from '../site/page-frame.js';
import { type Deletion, type DeletionPreview } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';

const REFUSED =
  'The database refused the deletion, because other rows refer to these: some that were added just now, or more levels of them than it can follow. Nothing was deleted.';

/** Whether the deletion was tried before the page: it was not, something stood against it, or the database refused it. */
export type DeletionAttempt = 'none' | 'refused' | 'raced';

/** How a page asks before a deletion. */
export interface DeletionQuestion {
  readonly title: string;
  /** The way from the list to the page. */
  readonly steps: readonly Breadcrumb[];
  /** Where the form is sent. */
  readonly action: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  /** The button that confirms. */
  readonly confirm: { readonly name: string; readonly value: string };
  readonly cancelUrl: string;
  /** Whether one row is deleted, which the title names. */
  readonly single: boolean;
  readonly attempt: DeletionAttempt;
}

/** Renders the page that asks before a deletion; after a refused one with the status that says why. */
@Injectable()
export class DeletionPages {
  constructor(
    private readonly views: DeletionViews,
    private readonly formats: FormatRegistry,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
  ) {}

  async show(preview: DeletionPreview, deletion: Deletion, question: DeletionQuestion): Promise<Reply> {
    const { descriptor, context } = deletion;
    const { title, steps, confirm, attempt } = question;
    const view = await this.views.build(preview, deletion, question.single);
    const model = {
      ...question,
      frame: await this.frame.build(context, { title, descriptor, steps }),
      ...view,
      raced: attempt === 'raced' ? REFUSED : null,
      lead: this.lead(preview, deletion, question.single),
      confirm: view.refusal ? null : { ...confirm, label: this.label(preview) },
    };
    return this.pages.render('delete', model, descriptor, statusOf(preview, attempt));
  }

  private lead(preview: DeletionPreview, deletion: Deletion, single: boolean): string {
    const { descriptor, count } = deletion;
    const company = this.views.company(preview, deletion);
    const what = single ? `the ${noun(descriptor.label)}` : this.views.counted(descriptor.entity, count);
    return company === ''
      ? `This deletes ${what} and cannot be undone.`
      : `This deletes ${what} and, because they belong to ${single ? 'it' : 'them'}, ${company}. It cannot be undone.`;
  }

  private label({ total }: DeletionPreview): string {
    return total > 1 ? `Delete ${this.formats.current().count(total)} rows` : 'Delete';
  }
}

/** Looking is always 200; a refused deletion says why. */
function statusOf({ forbidden, protectors }: DeletionPreview, attempt: DeletionAttempt): number {
  if (attempt === 'none') return 200;
  return forbidden.length > 0 && protectors.length === 0 ? 403 : 409;
}
