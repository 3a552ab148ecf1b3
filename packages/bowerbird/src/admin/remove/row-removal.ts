import { Injectable } from '@nestjs/common';

import { Databases } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { keyLookups } from '../site/row-key.js';
import { DeletionAudit } from './deletion-audit.js';
import { DeletionPreviews, type DeletionPreview } from './deletion-preview.js';
import { removeRow } from './remove-row.js';

/** What became of a row. */
export interface Removal {
  /** What the deletion does, and what stands against it. */
  readonly preview: DeletionPreview;
  /** False where something stood against it, so that nothing was done. */
  readonly done: boolean;
}

/** Deletes one row as the admin does: with what refers to it examined, the hook of its admin class, and a log entry. */
@Injectable()
export class RowRemoval {
  constructor(
    private readonly access: AdminAccess,
    private readonly previews: DeletionPreviews,
    private readonly audit: DeletionAudit,
    private readonly databases: Databases,
  ) {}

  /** Belongs into a transaction that holds the row. Whether the user may delete this row was asked before. */
  async remove(descriptor: AdminDescriptor, context: AdminContext, row: object): Promise<Removal> {
    const { entity, admin } = descriptor;
    const rows = this.access.rows(descriptor, context).filter(keyLookups(entity.keyOf(row), entity));
    const deletion = { descriptor, context, rows, count: 1 };
    const preview = await this.previews.verdict(deletion);
    if (preview.protectors.length > 0 || preview.forbidden.length > 0) return { preview, done: false };
    await admin.beforeDelete(row, context);
    await this.audit.around(preview, deletion, () => removeRow(this.databases.get(entity.database), row));
    return { preview, done: true };
  }
}
