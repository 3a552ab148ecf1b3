import { Inject, Injectable, Optional } from '@nestjs/common';

import { AuditTrail } from '#audit';

import { type Deletion, type DeletionPreview } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';

/** Says in the log what a deletion takes with it; the rows that go along have entries of their own. */
@Injectable()
export class DeletionAudit {
  constructor(
    private readonly views: DeletionViews,
    @Optional() @Inject(AuditTrail) private readonly trail: AuditTrail | null,
  ) {}

  /** Runs the deletion, whose own entries say what went with them. Call it inside of the transaction. */
  async around<T>(preview: DeletionPreview, deletion: Deletion, work: () => Promise<T>): Promise<T> {
    const company = this.trail ? this.views.company(preview, deletion) : '';
    return company === '' ? work() : this.trail!.annotate(`Also deleted: ${company}.`, work);
  }
}
