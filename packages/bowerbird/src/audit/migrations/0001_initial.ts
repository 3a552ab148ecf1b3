import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('AuditEntry', {
      table: 'audit_entry',
      fields: {
        id: ops.bigint({ primary: true, generated: 'increment' }),
        at: ops.datetime(),
        actorId: ops.string({ column: 'actor_id', length: 64, nullable: true }),
        actorLabel: ops.string({ column: 'actor_label', length: 200, default: '' }),
        requestId: ops.string({ column: 'request_id', length: 128, nullable: true }),
        action: ops.string({ length: 50 }),
        entity: ops.string({ length: 150, default: '' }),
        objectKey: ops.string({ column: 'object_key', default: '' }),
        objectText: ops.string({ column: 'object_text', length: 200, default: '' }),
        changes: ops.json(),
        message: ops.string({ length: 500, default: '' }),
      },
      indexes: [
        { name: 'audit_entry_actor', fields: ['actorId', 'id'] },
        { name: 'audit_entry_object', fields: ['entity', 'objectKey', 'id'] },
      ],
    }),
  ],
});
