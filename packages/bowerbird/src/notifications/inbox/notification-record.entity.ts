import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

import { Field, Meta } from '#orm';

/** A notification in somebody's inbox. */
@Entity({ name: 'notifications_notification' })
@Meta({ label: 'Notification', ordering: ['-id'], audited: false })
@Index('notifications_notification_recipient', ['recipient', 'readAt', 'id'])
@Index('notifications_notification_created_at', ['createdAt'])
export class NotificationRecord {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  /** A UUID, so that a delivery that is tried again stores no second row. */
  @Index('notifications_notification_delivery', { unique: true })
  @Column({ type: 'varchar', length: 36 })
  @Field({ editable: false })
  delivery: string;

  /** The id of the recipient as text. */
  @Column({ type: 'varchar', length: 64 })
  @Field({ editable: false })
  recipient: string;

  /** `orders.shipped` */
  @Column({ type: 'varchar', length: 100 })
  @Field({ editable: false })
  name: string;

  @Column({ type: 'json' })
  @Field({ editable: false })
  data: object;

  @Column({ type: 'datetime', name: 'created_at' })
  @Field({ editable: false })
  createdAt: Date;

  /** Null while it is unread. */
  @Column({ type: 'datetime', name: 'read_at', nullable: true })
  @Field({ editable: false })
  readAt: Date | null;
}
