import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { Field, Meta } from '#orm';

/** The answer to a request that named an `Idempotency-Key`, kept for its repetitions. */
@Entity({ name: 'api_idempotency_record' })
@Meta({ label: 'Idempotency record', audited: false })
export class IdempotencyRecord {
  /** SHA-256 of who asked, of what and with which key, base64url. */
  @PrimaryColumn({ type: 'varchar', length: 43, name: 'record_key' })
  @Field({ sensitive: true, editable: false })
  key: string;

  /** SHA-256 of the request, base64url. */
  @Column({ type: 'varchar', length: 43 })
  @Field({ editable: false })
  fingerprint: string;

  @Column({ type: 'integer' })
  @Field({ editable: false })
  status: number;

  /** JSON: headers by name. */
  @Column({ type: 'text' })
  @Field({ sensitive: true, editable: false })
  headers: string;

  /** Null where the answer has none. */
  @Column({ type: 'text', nullable: true })
  @Field({ sensitive: true, editable: false })
  body: string | null;

  @Index('api_idempotency_record_expires_at')
  @Column({ type: 'datetime', name: 'expires_at' })
  @Field({ editable: false })
  expiresAt: Date;
}
