import { Injectable, Module, Scope, type INestApplicationContext, type Type } from '@nestjs/common';
import { ACTOR, LOCALE, runInContext } from 'bowerbird/core';
import { GracefulShutdown } from 'bowerbird/http';
import { BackgroundJob, Job, jobDrivers, JobQueue, Jobs, JobWorker, type EnqueueOptions } from 'bowerbird/jobs';
import { App, Database } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { FailingJob, GatedJob, Journal, NoteJob, WaitingJob, WorkModule, type FailingPayload } from './jobs-app.js';

let app: TestApp;
let journal: Journal;
const jobs = () => app.get(Jobs);
const stored = async () => (await jobs().find())[0];

beforeAll(async () => {
  app = await createTestApp({ apps: [WorkModule], jobs: { keepFinished: '10m', backoff: { jitter: 0 } } });
  journal = app.get(Journal);
});
beforeEach(async () => {
  for (const state of ['waiting', 'failed', 'finished'] as const) await app.get(JobQueue).clear({ state }, 1_000);
  for (const list of [journal.lines, journal.attempts, journal.failures]) list.length = 0;
});
afterAll(() => app.close());

describe('a job', () => {
  it('runs later, in a context of its own that knows who has enqueued it', async () => {
    await runInContext(async (context) => {
      context.set(ACTOR, { id: '7', label: 'Ada' });
      context.set(LOCALE, 'de');
      await jobs().enqueue(NoteJob, { text: 'hello' });
    });
    expect(journal.lines).toEqual([]);
    expect(await app.jobs.waiting(NoteJob)).toMatchObject([{ name: 'test.note', payload: { text: 'hello' } }]);
    expect(await app.jobs.waiting(FailingJob)).toEqual([]);
    const id = await jobs().enqueue(NoteJob, { text: 'again' });
    await app.jobs.runAll();
    expect(journal.lines).toEqual(['hello by Ada in de', 'again by nobody in no locale']);
    expect(journal.attempts[1]).toMatchObject({ id, number: 1, last: false, enqueuedAt: app.clock.now() });
    expect(await jobs().count()).toEqual([{ queue: 'default', state: 'finished', count: 2 }]);
  });

  it('is there when the transaction around it commits, and not when it is undone', async () => {
    const database = app.get(Database);
    await database.atomic(() => jobs().enqueue(NoteJob, { text: 'kept' }));
    const undone = database.atomic(async () => {
      await jobs().enqueue(NoteJob, { text: 'undone' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await app.jobs.waiting(NoteJob)).map(({ payload }) => payload)).toEqual([{ text: 'kept' }]);
  });

  it('runs after its delay, and the more urgent one first', async () => {
    await jobs().enqueue(NoteJob, { text: 'late' }, { delay: '5m' });
    await jobs().enqueue(NoteJob, { text: 'usual' });
    await jobs().enqueue(NoteJob, { text: 'urgent' }, { priority: 10 });
    await app.jobs.runAll();
    app.clock.advance('5m');
    await app.jobs.runAll();
    expect(journal.lines.map((line) => line.split(' ')[0])).toEqual(['urgent', 'usual', 'late']);
  });

  it('is enqueued once under a unique key', async () => {
    const id = await jobs().enqueue(NoteJob, { text: 'one' }, { unique: 'note-1' });
    expect(await jobs().enqueue(NoteJob, { text: 'two' }, { unique: 'note-1' })).toBe(id);
    expect(await app.jobs.runAll()).toHaveLength(1);
    expect(await jobs().enqueue(NoteJob, { text: 'three' }, { unique: 'note-1' })).not.toBe(id);
  });

  it.each([
    [{ text: new Date() }, 'payload.text', 'an object of Date'],
    [{ text: 'a', list: [1, { at: undefined }] }, 'payload.list.1.at', 'undefined'],
    [{ text: Number.NaN }, 'payload.text', 'NaN'],
  ])('refuses what JSON cannot hold: %j', async (payload, path, found) => {
    const refused = jobs().enqueue(NoteJob, payload as never);
    await expect(refused).rejects.toThrow(`"${path}" of the job "test.note" is`);
    await expect(refused).rejects.toThrow(found);
  });

  it('refuses a payload that is too large', async () => {
    await expect(jobs().enqueue(NoteJob, { text: 'ü'.repeat(600_000) })).rejects.toMatchObject({
      code: 'jobs.payload_size',
    });
  });

  it.each([
    [{ delay: 'soon' }, 'delay'],
    [{ priority: 0.5 }, 'priority'],
    [{ at: new Date(Number.NaN) }, 'at'],
    [{ delay: '1m', at: new Date() }, 'at'],
    [{ unique: '' }, 'unique'],
    [{ queue: 'x'.repeat(51) }, 'queue'],
  ])('refuses the options %j', async (options, name) => {
    const refused = jobs().enqueue(NoteJob, { text: '' }, options as EnqueueOptions);
    await expect(refused).rejects.toThrow(`The option "${name}"`);
  });

  it('is refused where no module provides it', async () => {
    @Job({ name: 'test.nite' })
    class ForeignJob extends NoteJob {}
    class PlainJob extends NoteJob {}
    await expect(jobs().enqueue(ForeignJob, { text: '' })).rejects.toThrow('Did you mean "test.note"?');
    await expect(jobs().enqueue(PlainJob, { text: '' })).rejects.toMatchObject({ code: 'jobs.unmarked' });
  });
});

describe('a job that fails', () => {
  const enqueue = (times: number, how: FailingPayload['how'] = 'plain') => jobs().enqueue(FailingJob, { times, how });
  const runAll = () => app.jobs.runAll({ throws: false });

  it('is tried again after growing waits', async () => {
    await enqueue(2);
    for (const wait of ['9s', '1s', '29s', '1s'] as const) {
      await runAll();
      app.clock.advance(wait);
    }
    await runAll();
    expect(journal.lines).toEqual(['1', '2', '3 last']);
    expect(await stored()).toMatchObject({ state: 'finished', error: null, attempts: 3 });
    expect(journal.failures).toEqual([]);
  });

  it('ends as failed after its last attempt, with an error that is fit to be kept', async () => {
    await enqueue(9);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await runAll();
      app.clock.advance('1h');
    }
    expect(journal.lines).toEqual(['1', '2', '3 last']);
    expect(journal.failures).toEqual([[{ times: 9, how: 'plain' }, expect.stringContaining('Boom')]]);
    const { state, error } = (await stored())!;
    expect(state).toBe('failed');
    expect(error).toMatch(/^Error: Boom 🦜 \*{8} postgres:\/\/me:\*{8}@there\/ x/);
    expect(error!.length).toBeLessThanOrEqual(4_000);
  });

  it('is not tried again where it says so', async () => {
    await enqueue(9, 'for good');
    await runAll();
    expect(await stored()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(journal.failures).toHaveLength(1);
  });

  it('is tried again when it says so', async () => {
    await enqueue(1, 'later');
    const date = await enqueue(1, 'on date');
    await runAll();
    const due = await jobs().find({ state: 'waiting' });
    expect(due.map(({ dueAt }) => dueAt)).toEqual([
      new Date(app.clock.now().getTime() + 3_600_000),
      new Date('2026-02-01T00:00:00Z'),
    ]);
    expect(due[1]!.id).toBe(date);
  });

  it('throws in tests unless they say otherwise', async () => {
    await enqueue(9, 'for good');
    await expect(app.jobs.runAll()).rejects.toThrow('Gone for good');
  });

  it('ends after its time limit, and a deaf one after a grace', async () => {
    await jobs().enqueue(WaitingJob, { name: 'a' });
    await jobs().enqueue(WaitingJob, { name: 'b', deaf: true });
    expect(await runAll()).toMatchObject([{ outcome: 'retry' }, { outcome: 'retry' }]);
    expect((await stored())!.error).toContain('The job "test.waiting" was still running after 200 ms');
  });

  it('is set aside where its name is unknown, while others go on', async () => {
    const job = { name: 'test.mote', queue: 'default', payload: '{}', context: '{}', priority: 5 };
    await app.get(JobQueue).add({ ...job, dueAt: app.clock.now() });
    await jobs().enqueue(NoteJob, { text: 'goes on' });
    await runAll();
    const [first, second] = await jobs().find();
    expect([first!.state, second!.state]).toEqual(['failed', 'finished']);
    expect(first!.error).toContain('No job named "test.mote". Did you mean "test.note"?');
  });

  it('ends as failed where its row cannot be read', async () => {
    const broken = { name: 'test.failing', queue: 'default', priority: 0, dueAt: app.clock.now() };
    await app.get(JobQueue).add({ ...broken, payload: '{', context: '{}' });
    await app.get(JobQueue).add({ ...broken, payload: '{}', context: '{' });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await runAll();
      app.clock.advance('1h');
    }
    expect((await jobs().find()).map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  it('ends as failed when worker after worker is lost with it', async () => {
    await enqueue(0);
    const claim = { limit: 1, until: app.clock.now(), worker: 'killed' };
    for (let killed = 0; killed < 4; killed += 1) await app.get(JobQueue).claim(claim);
    expect(await runAll()).toMatchObject([{ outcome: 'failed', error: { code: 'jobs.workers_lost' } }]);
    expect(journal.lines).toEqual([]);
    expect(journal.failures).toHaveLength(1);
  });
});

describe('the commands', () => {
  const command = async (...given: Parameters<TestApp['command']>) => {
    const io = new RecordingIo();
    await app.command(given[0], given[1], io);
    return io;
  };

  it('count, list, retry and clear jobs', async () => {
    await jobs().enqueue(FailingJob, { times: 9, how: 'for good' });
    await jobs().enqueue(NoteJob, { text: 'late' }, { delay: '5m', queue: 'mail' });
    await app.jobs.runAll({ throws: false });
    expect((await command('jobs')).output).toEqual(['default: 1 failed', 'mail: 1 waiting']);
    const [line] = (await command('jobs', { options: { state: 'failed' } })).output;
    expect(line).toMatch(/^\d+  test\.failing  default  failed, 1 attempt: JobFailedError: Gone for good$/);
    await expect(command('jobs:retry')).rejects.toThrow('Say which jobs run again');
    await expect(command('jobs:retry', { args: { ids: ['x'] } })).rejects.toThrow('"x" is no id of a job');
    expect((await command('jobs:retry', { options: { all: true } })).output).toEqual(['1 job will run again']);
    expect((await command('jobs:clear', { options: { state: 'waiting', queue: 'mail' } })).output).toEqual([
      'Removed 1 waiting job',
    ]);
    expect(JSON.parse((await command('jobs', { options: { json: true } })).output.join(''))).toEqual([
      { queue: 'default', state: 'waiting', count: 1 },
    ]);
  });

  it('work until nothing is due', async () => {
    await jobs().enqueue(NoteJob, { text: 'done' });
    await jobs().enqueue(NoteJob, { text: 'not due' }, { delay: '1m' });
    expect(await app.command('work', { options: { untilEmpty: true } })).toBe(0);
    expect(journal.lines).toEqual(['done by nobody in no locale']);
  });
});

describe('a worker', () => {
  const start = async (settings: Parameters<typeof createTestApp>[0]['jobs'] = {}, deadline: '3s' | '1s' = '3s') => {
    const own = await createTestApp({
      apps: [WorkModule],
      http: { shutdown: { deadline } },
      jobs: { pollInterval: '10ms', ...settings },
    });
    return { own, journal: own.get(Journal), jobs: own.get(Jobs) };
  };

  it('waits for what runs when it is told to stop, and claims no more', async () => {
    const { own, journal: seen, jobs: queue } = await start({ worker: 'inside', concurrency: 1 });
    await queue.enqueue(GatedJob, { name: 'first' });
    await seen.seen('first begins');
    // As a signal does, up to the point where the application would be closed.
    const stopped = own.get(GracefulShutdown).close({ close: async () => undefined } as INestApplicationContext);
    await queue.enqueue(NoteJob, { text: 'second' });
    GatedJob.open();
    expect(await stopped).toBe('finished');
    expect(seen.lines).toEqual(['first begins', 'first ends']);
    expect((await queue.find({ state: 'waiting' })).map(({ name }) => name)).toEqual(['test.note']);
    await own.close();
  });

  it('gives back what runs too long when it is told to stop', async () => {
    const { own, journal: seen, jobs: queue } = await start({ worker: 'inside' }, '1s');
    await queue.enqueue(GatedJob, { name: 'long' });
    await seen.seen('long begins');
    expect(await own.get(JobWorker).stop()).toBe(false);
    expect(await queue.find()).toMatchObject([{ state: 'waiting', attempts: 0, lostLeases: 0 }]);
    await own.close();
  });

  it('ends a job whose lease another worker has, and leaves its outcome to that one', async () => {
    const { own, journal: seen, jobs: queue } = await start({ worker: 'inside', lease: '1s' });
    await queue.enqueue(GatedJob, { name: 'lost' });
    await seen.seen('lost begins');
    void own.get(JobWorker).stop();
    own.clock.advance('1s');
    const [claimed] = await own.get(JobQueue).claim({ limit: 1, until: new Date(8e12), worker: 'other' });
    expect(claimed).toMatchObject({ attempt: 1, lostLeases: 1 });
    await own.get(JobWorker).stop();
    expect(seen.lines).toEqual(['lost begins']);
    expect(await queue.find()).toMatchObject([{ state: 'running', worker: 'other' }]);
    await own.close();
  });

  it('forgets what is older than the settings say', async () => {
    const { own, jobs: queue } = await start({ keepFinished: '1h', keepFailed: '2h' });
    await queue.enqueue(NoteJob, { text: 'done' });
    await queue.enqueue(FailingJob, { times: 9, how: 'for good' });
    await own.jobs.runAll({ throws: false });
    own.clock.advance('1h');
    const worker = own.get(JobWorker).work();
    while ((await queue.count()).length > 1) await new Promise(setImmediate);
    expect(await queue.count()).toEqual([{ queue: 'default', state: 'failed', count: 1 }]);
    await own.close();
    await worker;
  });
});

describe('the memory driver', () => {
  it('runs jobs as the database does, and is warned of in production', async () => {
    const own = await createTestApp({ apps: [WorkModule], jobs: { driver: jobDrivers.memory() } });
    await own.get(Jobs).enqueue(NoteJob, { text: 'kept' });
    const undone = own.get(Database).atomic(async () => {
      await own.get(Jobs).enqueue(NoteJob, { text: 'undone' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await own.jobs.runAll()).toMatchObject([{ job: 'test.note', outcome: 'finished' }]);
    const io = new RecordingIo();
    await own.command('check', { args: { areas: ['jobs'] }, options: { deploy: true } }, io);
    expect(io.output.join('\n')).toContain('jobs.W001');
    await own.close();
  });
});

describe('the checks', () => {
  const boot = async (...providers: readonly Type[]) => {
    @App({ name: 'wrong', entities: [] })
    @Module({ providers: [...providers] })
    class WrongModule {}
    const booted = await createTestApp({ apps: [WrongModule] });
    await booted.close();
  };

  it('name jobs of one name, what is no job, and wrong options', async () => {
    @Job({ name: 'same' })
    class One extends BackgroundJob {
      async run(): Promise<void> {}
    }
    @Job({ name: 'same', attempts: 0, timeout: 'long' as never })
    class Two extends BackgroundJob {
      async run(): Promise<void> {}
    }
    @Job({ name: 'none' })
    class Three {}
    @Job({ name: 'per request' })
    @Injectable({ scope: Scope.REQUEST })
    class Four extends BackgroundJob {
      async run(): Promise<void> {}
    }
    const failed = boot(One, Two, Three, Four);
    await expect(failed).rejects.toThrow('jobs.E001');
    await expect(failed).rejects.toThrow('Two jobs are named "same": One and Two');
    await expect(failed).rejects.toThrow('jobs.E002');
    await expect(failed).rejects.toThrow('jobs.E003');
    await expect(failed).rejects.toThrow('The option "attempts" of the job Two');
    await expect(failed).rejects.toThrow('The option "timeout" of the job Two');
  });
});
