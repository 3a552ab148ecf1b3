import { Injectable } from '@nestjs/common';

import { Reply } from '#http';
import { Databases, ForeignKeyError } from '#orm';
import { addMessage } from '#sessions';

import { type ActionRequest } from '../list/list-actions.js';
import { SelectedRows } from '../list/selected-rows.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { DeletionAudit } from './deletion-audit.js';
import { DeletionPages, type DeletionAttempt } from './deletion-pages.js';
import { DeletionPreviews, type Deletion, type DeletionPreview } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';

/** The action "delete selected": asks with the effects of the deletion, and deletes in one statement. */
@Injectable()
export class DeleteSelected {
  constructor(
    private readonly selected: SelectedRows,
    private readonly previews: DeletionPreviews,
    private readonly views: DeletionViews,
    private readonly pages: DeletionPages,
    private readonly audit: DeletionAudit,
    private readonly databases: Databases,
  ) {}

  /** @throws PermissionDeniedError when the user may not delete one of the rows */
  async answer(
    descriptor: AdminDescriptor,
    context: AdminContext,
    posted: ActionRequest,
    confirmed: boolean,
  ): Promise<Reply> {
    const deletion: Deletion = { descriptor, context, rows: posted.rows, count: posted.count };
    if (!confirmed) return this.ask(deletion, posted, await this.previews.preview(deletion), 'none');
    try {
      const { preview, done } = await this.run(deletion, posted);
      if (!done) return this.ask(deletion, posted, preview, 'refused');
      return this.finish(deletion, posted, preview);
    } catch (error) {
      if (!(error instanceof ForeignKeyError)) throw error;
      return this.ask(deletion, posted, await this.previews.preview(deletion), 'raced');
    }
  }

  private run(deletion: Deletion, { action, rows }: ActionRequest) {
    const { descriptor, context, count } = deletion;
    return this.databases.get(descriptor.entity.database).atomic(async () => {
      await this.selected.demand(descriptor, 'delete', context, rows);
      const preview = await this.previews.verdict(deletion);
      if (preview.protectors.length > 0 || preview.forbidden.length > 0) return { preview, done: false };
      await this.audit.around(preview, deletion, async () => action.run(rows, { ...context, count }));
      return { preview, done: true };
    });
  }

  private finish(deletion: Deletion, { backUrl }: ActionRequest, preview: DeletionPreview): Reply {
    const { descriptor, count } = deletion;
    const company = this.views.company(preview, deletion);
    const text = `${this.views.counted(descriptor.entity, count)} ${count === 1 ? 'was' : 'were'} deleted`;
    addMessage('success', company === '' ? `${text}.` : `${text}, and with ${count === 1 ? 'it' : 'them'} ${company}.`);
    return Reply.redirect(backUrl);
  }

  private ask(
    deletion: Deletion,
    posted: ActionRequest,
    preview: DeletionPreview,
    attempt: DeletionAttempt,
  ): Promise<Reply> {
    const { action, segments, across, backUrl } = posted;
    return this.pages.show(preview, deletion, {
      title: `Delete ${this.views.counted(deletion.descriptor.entity, deletion.count)}?`,
      steps: [{ label: action.label, url: null }],
      action: backUrl,
      hidden: [
        { name: 'confirmed', value: '1' },
        ...(across ? [{ name: 'across', value: '1' }] : segments.map((value) => ({ name: 'selected', value }))),
      ],
      confirm: { name: 'action', value: action.name },
      cancelUrl: backUrl,
      single: false,
      attempt,
    });
  }
}
