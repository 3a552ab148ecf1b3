import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Jobs } from 'bowerbird/jobs';
import { createTestApp, FakeClock, type TestApp, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';
import { RecordRun, Run, RunsModule } from './worker-app.js';

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const QUICK = 60;

/** Other suites may keep the machine busy meanwhile. */
const PATIENCE_MS = 90_000;

/** A process costs a second: MySQL claims as PostgreSQL does, and many at a time in `job-queue.spec.ts`. */
describe.each(DIALECTS.filter((dialect) => dialect !== 'mysql'))('two workers on %s', (dialect) => {
  let database: TestDatabase;
  let app: TestApp;
  let told = '';
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    database = await createDatabase(dialect);
    app = await createTestApp({ apps: [RunsModule], clock: new FakeClock(new Date()) }, { database });
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await app?.close();
    await database?.drop();
  });

  const start = (): ChildProcess => {
    const worker = spawn(process.execPath, [...NODE_FLAGS, SCRIPT, database.url], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (data: Buffer) => (told += data.toString()));
    workers.push(worker);
    return worker;
  };
  const runs = (what: string) => app.objects(Run).filter({ what });
  const until = async (fact: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + PATIENCE_MS / 3; !(await fact()); await sleep(20))
      if (Date.now() > end) throw new Error(told);
  };

  it(
    'share the jobs, survive a kill, and finish what runs when they are told to stop',
    async () => {
      const enqueue = (what: string, priority = 0) => app.get(Jobs).enqueue(RecordRun, { what }, { priority });
      await enqueue('once', 5);
      const killed = start();
      await until(() => runs('once').exists());
      const worker = start();
      const ended = once(worker, 'close');
      await until(async () => told.split('Working on').length > 2);
      for (let count = 0; count < QUICK; count += 1) await enqueue('quick');
      await until(() => runs('quick').filter({ worker: worker.pid! }).exists());
      killed.kill('SIGKILL');

      await until(() => runs('once').filter({ finished: true }).exists());
      expect(await runs('once').orderBy('id').values('attempt', 'worker').all()).toEqual([
        { attempt: 1, worker: killed.pid },
        { attempt: 1, worker: worker.pid },
      ]);
      const quick = () => runs('quick').filter({ finished: true }).all();
      await until(async () => new Set((await quick()).map(({ job }) => job)).size === QUICK);
      const done = await quick();
      // The killed one may have been in the middle of a quick one, which then ran again.
      expect(done.length - QUICK).toBeLessThanOrEqual(2);
      expect(new Set(done.map((run) => run.worker))).toEqual(new Set([killed.pid, worker.pid]));

      await enqueue('slow');
      await until(() => runs('slow').exists());
      worker.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect((await runs('slow').get()).finished).toBe(true);
      expect(told).toMatch(/LOG \[Jobs\] runs\.record \d+, attempt 1: finished after \d+ ms/);
    },
    PATIENCE_MS,
  );
});
