import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

import { Field, Meta } from '#orm';

import { type AuditChanges } from './audit-changes.js';

/** One thing that was done: who, when, to which row, and what changed. Rows are only ever added. */
@Entity({ name: 'audit_entry' })
@Meta({ label: 'Audit entry', labelPlural: 'Audit entries', ordering: ['-id'], audited: false })
@Index('audit_entry_object', ['entity', 'objectKey', 'id'])
@Index('audit_entry_actor', ['actorId', 'id'])
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'datetime' })
  @Field({ editable: false })
  at: Date;

  /** Null when nobody was logged in: commands, jobs, anonymous visitors. */
  @Column({ type: 'varchar', length: 64, nullable: true, name: 'actor_id' })
  @Field({ editable: false })
  actorId: string | null;

  /** As the actor was called then; survives the account. */
  @Column({ type: 'varchar', length: 200, default: '', name: 'actor_label' })
  @Field({ editable: false })
  actorLabel: string;

  @Column({ type: 'varchar', length: 128, nullable: true, name: 'request_id' })
  @Field({ editable: false })
  requestId: string | null;

  /** `add`, `change`, `delete`, `link`, or a name of the application's own. */
  @Column({ type: 'varchar', length: 50 })
  @Field({ editable: false })
  action: string;

  /** `shop.product`; empty for what concerns no entity. */
  @Column({ type: 'varchar', length: 150, default: '' })
  @Field({ editable: false })
  entity: string;

  /** The primary key as text; see `auditKey`. */
  @Column({ type: 'varchar', length: 255, default: '', name: 'object_key' })
  @Field({ editable: false })
  objectKey: string;

  /** As the row was called then. */
  @Column({ type: 'varchar', length: 200, default: '', name: 'object_text' })
  @Field({ editable: false })
  objectText: string;

  @Column({ type: 'json' })
  @Field({ editable: false })
  changes: AuditChanges;

  /** A sentence of the application's own. */
  @Column({ type: 'varchar', length: 500, default: '' })
  @Field({ editable: false })
  message: string;

  /** A keyed hash of the entry; empty for entries that are older than fingerprints. */
  @Column({ type: 'varchar', length: 64, default: '' })
  @Field({ editable: false })
  fingerprint: string;
}
