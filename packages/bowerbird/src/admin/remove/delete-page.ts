import { Injectable } from '@nestjs/common';

import { formValues, Reply, type HttpRequest } from '#http';
import { Databases, ForeignKeyError, type EntityKey } from '#orm';
import { addMessage } from '#sessions';

import { listUrl, readFormAddress, rowUrl } from '../form/form-address.js';
import { lockRow } from '../form/lock-row.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { noun } from '../site/labels.js';
import { RowFinder } from '../site/row-finder.js';
import { keyLookups, parseKeySegment } from '../site/row-key.js';
import { DeletionPages, type DeletionAttempt } from './deletion-pages.js';
import { DeletionPreviews, type Deletion, type DeletionPreview } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';
import { RowRemoval } from './row-removal.js';

/** A row that is to be deleted. */
interface Target {
  readonly descriptor: AdminDescriptor;
  readonly context: AdminContext;
  readonly key: EntityKey;
  readonly row: object;
}

/** What became of a deletion; nothing was done where it was refused. */
type Outcome =
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly preview: DeletionPreview }
  | { readonly kind: 'deleted'; readonly preview: DeletionPreview };

/** The page that asks before one row is deleted, and the deletion. */
@Injectable()
export class DeletePage {
  constructor(
    private readonly access: AdminAccess,
    private readonly finder: RowFinder,
    private readonly previews: DeletionPreviews,
    private readonly views: DeletionViews,
    private readonly pages: DeletionPages,
    private readonly removal: RowRemoval,
    private readonly databases: Databases,
  ) {}

  /** Shows what would be deleted. @throws PermissionDeniedError */
  async show(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const target = await this.find(descriptor, segment, context);
    if (!target) return this.missing(descriptor, context);
    return this.ask(target, await this.previews.preview(this.deletionOf(target)), 'none');
  }

  /** Deletes, when that was confirmed and nothing stands against it. @throws PermissionDeniedError */
  async post(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    if (formValues(request).get('confirm') !== '1') return this.show(descriptor, segment, request);
    const context = this.access.context(request);
    const target = await this.find(descriptor, segment, context);
    if (!target) return this.missing(descriptor, context);
    try {
      const outcome = await this.run(target);
      if (outcome.kind === 'gone') return this.missing(descriptor, context);
      if (outcome.kind === 'refused') return this.ask(target, outcome.preview, 'refused');
      return this.done(target, outcome.preview);
    } catch (error) {
      if (!(error instanceof ForeignKeyError)) throw error;
      return this.ask(target, await this.previews.preview(this.deletionOf(target)), 'raced');
    }
  }

  /** @throws PermissionDeniedError */
  private async find(descriptor: AdminDescriptor, segment: string, context: AdminContext): Promise<Target | null> {
    const key = parseKeySegment(segment, descriptor.entity);
    const row = key === undefined ? null : await this.finder.byKey(descriptor, key, context);
    await this.access.demand(descriptor, 'delete', context, row ?? undefined);
    return row && key !== undefined ? { descriptor, context, key, row } : null;
  }

  /** All of it in one transaction that holds the row: what was examined is what is deleted. */
  private async run({ descriptor, context, key, row: found }: Target): Promise<Outcome> {
    const database = this.databases.get(descriptor.entity.database);
    return database.atomic(async (): Promise<Outcome> => {
      await lockRow(database, found);
      const row = await this.finder.byKey(descriptor, key, context);
      if (!row) return { kind: 'gone' };
      await this.access.demand(descriptor, 'delete', context, row);
      const { preview, done } = await this.removal.remove(descriptor, context, row);
      return { kind: done ? 'deleted' : 'refused', preview };
    });
  }

  private deletionOf({ descriptor, context, key }: Target): Deletion {
    const rows = this.access.rows(descriptor, context).filter(keyLookups(key, descriptor.entity));
    return { descriptor, context, rows, count: 1 };
  }

  private async ask(target: Target, preview: DeletionPreview, attempt: DeletionAttempt): Promise<Reply> {
    const { descriptor, context, key, row } = target;
    const address = readFormAddress(context);
    const text = descriptor.entity.text(row);
    const visible = await this.access.may(descriptor, 'view', context, row);
    const changeUrl = visible ? rowUrl(descriptor, key, 'change', address) : null;
    return this.pages.show(preview, this.deletionOf(target), {
      title: `Delete “${text}”?`,
      steps: [
        { label: text, url: changeUrl },
        { label: 'Delete', url: null },
      ],
      action: rowUrl(descriptor, key, 'delete', address),
      hidden: [],
      confirm: { name: 'confirm', value: '1' },
      cancelUrl: changeUrl ?? listUrl(descriptor, address),
      single: true,
      attempt,
    });
  }

  private done({ descriptor, context, row }: Target, preview: DeletionPreview): Reply {
    const company = this.views.company(
      preview,
      this.deletionOf({ descriptor, context, row, key: descriptor.entity.keyOf(row) }),
    );
    const text = `The ${noun(descriptor.label)} “${descriptor.entity.text(row)}” was deleted`;
    addMessage('success', company === '' ? `${text}.` : `${text}, and with it ${company}.`);
    return Reply.redirect(listUrl(descriptor, readFormAddress(context)));
  }

  private missing(descriptor: AdminDescriptor, context: AdminContext): Reply {
    addMessage('warning', `This ${noun(descriptor.label)} does not exist. It may have been deleted already.`);
    return Reply.redirect(listUrl(descriptor, readFormAddress(context)));
  }
}
