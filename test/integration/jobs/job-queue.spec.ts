import { type Clock } from 'bowerbird/core';
import { jobDrivers, JobRecord, type JobQueue } from 'bowerbird/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeJobQueue } from '../../../packages/bowerbird/src/testing/contracts/job-queue.contract.js';
import { FakeClock } from '../../../packages/bowerbird/src/testing/fake-clock.js';
import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

const job = { name: 'work', queue: 'default', payload: '{}', context: '{}', priority: 0, dueAt: new Date(0) };

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [JobRecord], app: { name: 'jobs' } });
  });
  afterAll(() => app.close());

  const create =
    (driver = jobDrivers.database()) =>
    async (clock: Clock): Promise<JobQueue> => {
      await app.db.objects(JobRecord).delete();
      return driver.create({ clock, get: (token) => app.get(token) });
    };

  describeJobQueue({ describe, it, expect }, 'database', create());
  if (database.dialect === 'sqlite') describeJobQueue({ describe, it, expect }, 'memory', create(jobDrivers.memory()));

  describe.each(['database', 'memory'] as const)('a transaction around the queue "%s"', (name) => {
    const states = async (queue: JobQueue) => (await queue.find({}, 10)).map(({ state }) => state);

    it('takes what was added along when it commits, and when it is undone', async () => {
      const queue = await create(jobDrivers[name]())(new FakeClock());
      await app.db.atomic(async () => {
        await queue.add(job);
        await app.db
          .atomic(async () => {
            await queue.add({ ...job, unique: 'a' });
            throw new Error('undone');
          })
          .catch(() => undefined);
      });
      expect(await states(queue)).toEqual(['waiting']);
      await queue.add({ ...job, unique: 'a' });
      expect(await states(queue)).toEqual(['waiting', 'waiting']);
    });
  });

  it('goes on after another transaction was faster with a unique key', async () => {
    const queue = await create()(new FakeClock());
    const id = await app.db.atomic(async () => {
      await queue.add(job);
      const [one, other] = await Promise.all([queue.add({ ...job, unique: 'a' }), queue.add({ ...job, unique: 'a' })]);
      expect(one).toBe(other);
      return one;
    });
    expect(await queue.add({ ...job, unique: 'a' })).toBe(id);
    expect(await queue.find({}, 10)).toHaveLength(2);
  });
});
