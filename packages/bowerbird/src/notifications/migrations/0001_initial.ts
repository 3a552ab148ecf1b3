import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('NotificationRecord', {
      table: 'notifications_notification',
      fields: {
        id: ops.bigint({ primary: true, generated: 'increment' }),
        delivery: ops.string({ length: 36 }),
        recipient: ops.string({ length: 64 }),
        name: ops.string({ length: 100 }),
        data: ops.json(),
        createdAt: ops.datetime({ column: 'created_at' }),
        readAt: ops.datetime({ column: 'read_at', nullable: true }),
      },
      indexes: [
        { name: 'notifications_notification_created_at', fields: ['createdAt'] },
        { name: 'notifications_notification_recipient', fields: ['recipient', 'readAt', 'id'] },
      ],
      uniques: [{ name: 'notifications_notification_delivery', fields: ['delivery'] }],
    }),
  ],
});
