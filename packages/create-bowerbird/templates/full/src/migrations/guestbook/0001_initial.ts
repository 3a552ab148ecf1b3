import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  operations: [
    ops.createEntity('Entry', {
      table: 'entry',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 60 }),
        message: ops.text(),
        photo: ops.string({ length: 200, nullable: true }),
        shown: ops.boolean({ default: false }),
        writtenAt: ops.datetime({ generated: 'created' }),
      },
    }),
  ],
});
