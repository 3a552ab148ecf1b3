import { Migration, ops } from '#orm';

export default new Migration({
  operations: [
    ops.createEntity('JobRecord', {
      table: 'jobs_job',
      fields: {
        id: ops.bigint({ primary: true, generated: 'increment' }),
        name: ops.string({ length: 100 }),
        queue: ops.string({ length: 50 }),
        payload: ops.text(),
        context: ops.text(),
        state: ops.string({ length: 10 }),
        rank: ops.integer({ column: 'claim_rank' }),
        dueAt: ops.datetime({ column: 'due_at' }),
        attempts: ops.integer({ default: 0 }),
        lostLeases: ops.integer({ column: 'lost_leases', default: 0 }),
        uniqueKey: ops.string({ column: 'unique_key', length: 43, nullable: true }),
        token: ops.string({ length: 43, nullable: true }),
        worker: ops.string({ length: 100, nullable: true }),
        error: ops.text({ nullable: true }),
        enqueuedAt: ops.datetime({ column: 'enqueued_at' }),
      },
      indexes: [
        { name: 'jobs_job_claim', fields: ['state', 'rank', 'dueAt', 'id'] },
        { name: 'jobs_job_due', fields: ['state', 'dueAt'] },
      ],
      uniques: [{ name: 'jobs_job_unique', fields: ['uniqueKey'] }],
    }),
  ],
});
