import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('IdempotencyRecord', {
      table: 'api_idempotency_record',
      fields: {
        key: ops.string({ column: 'record_key', primary: true, length: 43 }),
        fingerprint: ops.string({ length: 43 }),
        status: ops.integer(),
        headers: ops.text(),
        body: ops.text({ nullable: true }),
        expiresAt: ops.datetime({ column: 'expires_at' }),
      },
      indexes: [{ name: 'api_idempotency_record_expires_at', fields: ['expiresAt'] }],
    }),
  ],
});
