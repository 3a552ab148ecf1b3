import { Migration, ops } from '#orm';

export default new Migration({
  operations: [ops.addField('AuditEntry', 'fingerprint', ops.string({ length: 64, default: '' }))],
});
