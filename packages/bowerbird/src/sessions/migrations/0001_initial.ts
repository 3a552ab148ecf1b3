import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('SessionRecord', {
      table: 'sessions_session',
      fields: {
        key: ops.string({ column: 'session_key', primary: true, length: 43 }),
        values: ops.text({ column: 'session_values' }),
        expiresAt: ops.datetime({ column: 'expires_at' }),
        revision: ops.integer(),
      },
      indexes: [{ name: 'sessions_session_expires_at', fields: ['expiresAt'] }],
    }),
  ],
});
