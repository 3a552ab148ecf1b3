import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

import { Meta } from '#orm';

/** One login that failed. Rows go when their window is over, or when the account logs in. */
@Entity('auth_login_attempt')
@Meta({ label: 'Failed login', labelPlural: 'Failed logins', ordering: ['-failedAt'], audited: false })
@Index('auth_login_attempt_failed_at', ['failedAt'])
@Index('auth_login_attempt_account', ['account', 'failedAt'])
@Index('auth_login_attempt_address', ['address', 'failedAt'])
export class LoginAttempt {
  @PrimaryGeneratedColumn()
  id: number;

  /** Keyed hash of the normalized account name, base64url; the name itself is not stored. */
  @Column({ type: 'varchar', length: 43 })
  account: string;

  /** The client's network: an IPv4 address, or the /64 of an IPv6 address. */
  @Column({ type: 'varchar', length: 45 })
  address: string;

  /** Milliseconds since 1970, so that no database rounds it. */
  @Column({ type: 'bigint' })
  failedAt: string;
}
