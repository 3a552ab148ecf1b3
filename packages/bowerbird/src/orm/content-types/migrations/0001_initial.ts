import { Migration } from '../../migrations/migration.js';
import { ops } from '../../migrations/operations/ops.js';

export default new Migration({
  operations: [
    ops.createEntity('ContentType', {
      table: 'content_type',
      fields: {
        id: ops.integer({ primary: true, generated: 'increment' }),
        app: ops.string({ length: 100 }),
        entity: ops.string({ length: 100 }),
      },
      uniques: [{ name: 'content_type_entity', fields: ['app', 'entity'] }],
    }),
  ],
});
