import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  operations: [
    ops.createEntity('Task', {
      table: 'task',
      fields: {
        id: ops.id(),
        title: ops.string({ length: 120 }),
        due: ops.date({ nullable: true }),
        done: ops.boolean({ default: false }),
        createdAt: ops.datetime({ generated: 'created' }),
      },
    }),
  ],
});
