import { Inject, Injectable, Optional } from '@nestjs/common';

import { AuditedEntities, AuditTrail } from '#audit';

import { type Deletion, type DeletionPreview } from './deletion-preview.js';
import { DeletionViews } from './deletion-view.js';

/** Keeps what a deletion takes with it: the database removes those rows itself, unseen by the listeners of writes. */
@Injectable()
export class DeletionAudit {
  constructor(
    private readonly views: DeletionViews,
    @Optional() @Inject(AuditTrail) private readonly trail: AuditTrail | null,
    @Optional() @Inject(AuditedEntities) private readonly audited: AuditedEntities | null,
  ) {}

  /**
   * Notes the rows that go along, one entry for each entity, and runs the deletion, whose own entries say what went
   * with them. Call it inside of the transaction.
   * @param what the text form of what is deleted: `Country “Austria”`
   */
  async around<T>(preview: DeletionPreview, deletion: Deletion, what: string, work: () => Promise<T>): Promise<T> {
    if (!this.trail) return work();
    const others = preview.effects.filter(({ kind, relation }) => kind === 'delete' && relation !== null);
    for (const { entity, count } of others.filter(({ entity }) => this.audited?.includes(entity) ?? true)) {
      const text = this.views.counted(entity, count);
      await this.trail.record({ action: 'delete', description: entity, text, message: `Deleted with ${what}.` });
    }
    const company = this.views.company(preview, deletion);
    return company === '' ? work() : this.trail.annotate(`Also deleted: ${company}.`, work);
  }
}
