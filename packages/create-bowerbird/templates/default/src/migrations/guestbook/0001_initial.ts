import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  operations: [
    ops.createEntity('Entry', {
      table: 'entry',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 60 }),
        message: ops.text(),
        shown: ops.boolean({ default: true }),
        writtenAt: ops.datetime({ generated: 'created' }),
      },
    }),
  ],
});
