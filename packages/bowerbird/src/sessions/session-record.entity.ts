import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { Field, Meta } from '#orm';

/** A session as a row. It holds a digest of the session's id, so whoever reads the table cannot take over a session. */
@Entity({ name: 'sessions_session' })
@Meta({ label: 'Session', audited: false })
export class SessionRecord {
  /** SHA-256 of the id, base64url. */
  @PrimaryColumn({ type: 'varchar', length: 43, name: 'session_key' })
  @Field({ sensitive: true, editable: false })
  key: string;

  /** JSON. */
  @Column({ type: 'text', name: 'session_values' })
  @Field({ sensitive: true, editable: false })
  values: string;

  @Index('sessions_session_expires_at')
  @Column({ type: 'datetime', name: 'expires_at' })
  @Field({ editable: false })
  expiresAt: Date;

  @Column({ type: 'integer' })
  @Field({ editable: false })
  revision: number;
}
