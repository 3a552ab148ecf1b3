import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('Permission', {
      table: 'auth_permission',
      fields: {
        id: ops.id(),
        codename: ops.string({ length: 190 }),
        label: ops.string(),
        app: ops.string({ length: 150 }),
      },
      uniques: [{ fields: ['codename'] }],
    }),
    ops.createEntity('Group', {
      table: 'auth_group',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 150 }),
        permissions: ops.manyToMany('Permission', {
          table: 'auth_group_permissions',
          from: { group_id: 'id' },
          to: { permission_id: 'id' },
        }),
      },
      uniques: [{ fields: ['name'] }],
    }),
    ops.createEntity('User', {
      table: 'auth_user',
      fields: {
        id: ops.id(),
        email: ops.string({ length: 254 }),
        password: ops.string(),
        firstName: ops.string({ length: 150, default: '' }),
        lastName: ops.string({ length: 150, default: '' }),
        isActive: ops.boolean({ default: true }),
        isStaff: ops.boolean({ default: false }),
        isSuperuser: ops.boolean({ default: false }),
        lastLogin: ops.datetime({ nullable: true }),
        joinedAt: ops.datetime({ generated: 'created' }),
        groups: ops.manyToMany('Group', { table: 'auth_user_groups', from: { user_id: 'id' }, to: { group_id: 'id' } }),
        permissions: ops.manyToMany('Permission', {
          table: 'auth_user_permissions',
          from: { user_id: 'id' },
          to: { permission_id: 'id' },
        }),
      },
      uniques: [{ fields: ['email'] }],
    }),
    ops.createEntity('LoginAttempt', {
      table: 'auth_login_attempt',
      fields: {
        id: ops.id(),
        account: ops.string({ length: 43 }),
        address: ops.string({ length: 45 }),
        failedAt: ops.bigint(),
      },
      indexes: [
        { name: 'auth_login_attempt_address', fields: ['address', 'failedAt'] },
        { name: 'auth_login_attempt_account', fields: ['account', 'failedAt'] },
        { name: 'auth_login_attempt_failed_at', fields: ['failedAt'] },
      ],
    }),
  ],
});
