import { type Clock } from '#core';
import { type ClaimedJob, type JobQueue, type NewJob } from '#jobs';

import { FakeClock } from '../fake-clock.js';
import { type ContractRunner } from './session-store.contract.js';

/** Builds an empty queue that reads the time from the clock. Called once for each test. */
export type JobQueueFactory = (clock: Clock) => Promise<JobQueue>;

const MINUTE = 60_000;

/**
 * The rules that every queue keeps, as tests:
 * `describeJobQueue({ describe, it, expect }, 'redis', (clock) => …)`.
 */
export function describeJobQueue(runner: ContractRunner, name: string, create: JobQueueFactory): void {
  const { describe, it, expect } = runner;
  const test: Test = (fact, body) =>
    it(fact, async () => {
      const clock = new FakeClock();
      await body(new QueueUser(await create(clock), clock));
    });

  describe(`the job queue "${name}"`, () => {
    describeAdding(test, expect);
    describeUnique(test, expect);
    describeClaiming(test, expect);
    describeLeases(test, expect);
    describeEnding(test, expect);
    describeKeeping(test, expect);
  });
}

type Test = (fact: string, body: (user: QueueUser) => Promise<void>) => void;
type Expect = ContractRunner['expect'];

/** A queue with a word for each thing that the tests do. */
class QueueUser {
  constructor(
    readonly queue: JobQueue,
    readonly clock: FakeClock,
  ) {}

  in(minutes: number): Date {
    return new Date(this.clock.now().getTime() + minutes * MINUTE);
  }

  add(job: Partial<NewJob> = {}): Promise<string> {
    const usual = { name: 'work', queue: 'default', payload: '{}', context: '{}', priority: 0 };
    return this.queue.add({ ...usual, dueAt: this.clock.now(), ...job });
  }

  claim(limit = 10, queues?: readonly string[]): Promise<readonly ClaimedJob[]> {
    return this.queue.claim({ limit, queues, until: this.in(1), worker: 'test' });
  }

  async claimOne(): Promise<ClaimedJob> {
    return (await this.claim(1))[0]!;
  }

  async names(limit = 10, queues?: readonly string[]): Promise<readonly string[]> {
    return (await this.claim(limit, queues)).map(({ name }) => name);
  }

  async only() {
    return (await this.queue.find({}, 10))[0]!;
  }
}

function describeAdding(test: Test, expect: Expect): void {
  test('gives nothing while it is empty', async (user) => {
    expect(await user.claim()).toEqual([]);
    expect(await user.queue.find({}, 10)).toEqual([]);
    expect(await user.queue.count()).toEqual([]);
  });

  test('gives back what was added', async (user) => {
    const payload = JSON.stringify({ text: 'ü 漢字 🦜 "quoted" \\ \u0000\u0001', empty: '', list: [1, null] });
    const id = await user.add({ name: 'mail.send', queue: 'mail', payload, context: '{"locale":"de"}', priority: 7 });
    const { token, ...job } = await user.claimOne();
    const enqueuedAt = user.clock.now();
    const same = { id, name: 'mail.send', queue: 'mail', payload, context: '{"locale":"de"}', enqueuedAt };
    expect(job).toEqual({ ...same, attempt: 1, lostLeases: 0 });
    expect(token.length > 10).toBe(true);
    const counts = { attempts: 1, lostLeases: 0, error: null, worker: 'test' };
    expect(await user.only()).toEqual({ ...same, ...counts, priority: 7, state: 'running', dueAt: user.in(1) });
  });

  test('keeps a large payload', async (user) => {
    const payload = JSON.stringify({ text: 'x'.repeat(900_000) });
    await user.add({ payload });
    expect((await user.claimOne()).payload).toBe(payload);
  });
}

function describeUnique(test: Test, expect: Expect): void {
  test('keeps one of two jobs with a unique key, while it waits and while it runs', async (user) => {
    const first = await user.add({ unique: 'photo-3' });
    expect(await user.add({ unique: 'photo-3' })).toBe(first);
    const job = await user.claimOne();
    expect(await user.add({ unique: 'photo-3' })).toBe(first);
    await user.queue.settle(job, { kind: 'retry', at: user.in(5), error: '' });
    expect(await user.add({ unique: 'photo-3' })).toBe(first);
    expect((await user.queue.find({}, 10)).length).toBe(1);
  });

  test('keeps another one with the key after the first has ended', async (user) => {
    const first = await user.add({ unique: 'a' });
    await user.queue.settle(await user.claimOne(), { kind: 'finished', keep: true });
    const second = await user.add({ unique: 'a' });
    await user.queue.settle(await user.claimOne(), { kind: 'failed', error: '' });
    const third = await user.add({ unique: 'a' });
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test('tells keys apart by case, by a space at the end, and by the name of the job', async (user) => {
    const ids = [
      await user.add({ unique: 'a' }),
      await user.add({ unique: 'A' }),
      await user.add({ unique: 'a ' }),
      await user.add({ unique: 'x'.repeat(5_000) }),
      await user.add({ unique: 'a', name: 'other' }),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  test('keeps one of ten that come at the same time', async (user) => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => user.add({ unique: 'same' })));
    expect(new Set(ids).size).toBe(1);
    expect((await user.queue.find({}, 100)).length).toBe(1);
  });
}

function describeClaiming(test: Test, expect: Expect): void {
  test('gives nothing before its time', async (user) => {
    await user.add({ dueAt: user.in(5) });
    user.clock.set(new Date(user.in(5).getTime() - 1));
    expect(await user.claim()).toEqual([]);
    user.clock.advance('1ms');
    expect(await user.names()).toEqual(['work']);
  });

  test('gives higher priorities first, then what has been due for longer', async (user) => {
    await user.add({ name: 'low', priority: -5, dueAt: user.in(-9) });
    await user.add({ name: 'late', priority: 0, dueAt: user.in(-1) });
    await user.add({ name: 'early', priority: 0, dueAt: user.in(-2) });
    await user.add({ name: 'high', priority: 10 });
    await user.add({ name: 'highest, not due', priority: 20, dueAt: user.in(1) });
    expect(await user.names()).toEqual(['high', 'early', 'late', 'low']);
  });

  test('gives jobs of the queues that are asked for', async (user) => {
    for (const queue of ['default', 'mail', 'slow']) await user.add({ name: queue, queue });
    expect(await user.names(10, ['mail', 'slow'])).toEqual(['mail', 'slow']);
    expect(await user.names()).toEqual(['default']);
  });

  test('gives a job to one of ten who ask at the same time', async (user) => {
    for (let index = 0; index < 20; index += 1) await user.add();
    const given = await Promise.all(Array.from({ length: 10 }, () => user.claim(3)));
    const ids = given.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await user.claim(20);
    expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(20);
  });
}

function describeLeases(test: Test, expect: Expect): void {
  test('gives a job again when its lease has ended, without using an attempt up', async (user) => {
    await user.add({ priority: -1 });
    const first = await user.claimOne();
    await user.add({ name: 'other', priority: 1 });
    user.clock.advance('1m');
    const again = await user.claimOne();
    expect([again.id, again.attempt, again.lostLeases]).toEqual([first.id, 1, 1]);
    expect(again.token === first.token).toBe(false);
  });

  test('gives no job whose lease was extended', async (user) => {
    await user.add();
    const job = await user.claimOne();
    user.clock.advance('30s');
    expect(await user.queue.extend(job, user.in(1))).toBe(true);
    expect(await user.queue.extend(job, user.in(1))).toBe(true);
    user.clock.advance('59s');
    expect(await user.claim()).toEqual([]);
    user.clock.advance('1s');
    expect(await user.names()).toEqual(['work']);
  });

  test('lets nobody end or extend a job whose lease another worker has', async (user) => {
    await user.add();
    const lost = await user.claimOne();
    user.clock.advance('1m');
    const held = await user.claimOne();
    expect(await user.queue.extend(lost, user.in(9))).toBe(false);
    for (const keep of [true, false]) expect(await user.queue.settle(lost, { kind: 'finished', keep })).toBe(false);
    expect(await user.queue.settle(lost, { kind: 'failed', error: 'no' })).toBe(false);
    expect(await user.queue.settle(lost, { kind: 'retry', at: user.in(9), error: 'no' })).toBe(false);
    expect(await user.queue.settle(lost, { kind: 'released' })).toBe(false);
    expect((await user.only()).dueAt).toEqual(user.in(1));
    expect(await user.queue.settle(held, { kind: 'finished', keep: true })).toBe(true);
    expect(await user.queue.extend(held, user.in(9))).toBe(false);
    expect((await user.only()).state).toBe('finished');
  });

  test('lets a worker end a job late, as long as nobody else has it', async (user) => {
    await user.add();
    const job = await user.claimOne();
    user.clock.advance('5m');
    expect(await user.queue.settle(job, { kind: 'finished', keep: true })).toBe(true);
  });
}

function describeEnding(test: Test, expect: Expect): void {
  test('counts attempts over retries, and keeps the last error', async (user) => {
    await user.add();
    await user.queue.settle(await user.claimOne(), { kind: 'retry', at: user.in(2), error: 'Boom 🦜' });
    expect(await user.claim()).toEqual([]);
    expect((await user.only()).error).toBe('Boom 🦜');
    user.clock.advance('2m');
    expect((await user.claimOne()).attempt).toBe(2);
  });

  test('has a released job back at once, as if it had not been claimed', async (user) => {
    await user.add();
    await user.queue.settle(await user.claimOne(), { kind: 'released' });
    const again = await user.claimOne();
    expect([again.attempt, again.lostLeases]).toEqual([1, 0]);
  });

  test('forgets a finished job unless it is to be kept', async (user) => {
    await user.add();
    expect(await user.queue.settle(await user.claimOne(), { kind: 'finished', keep: false })).toBe(true);
    expect(await user.queue.find({}, 10)).toEqual([]);
  });

  test('keeps failed jobs until they are told to try again', async (user) => {
    const id = await user.add({ name: 'one' });
    await user.add({ name: 'two', queue: 'mail' });
    for (const job of await user.claim()) await user.queue.settle(job, { kind: 'failed', error: 'no' });
    expect(await user.claim()).toEqual([]);
    expect(await user.queue.retry({ name: 'three' })).toBe(0);
    expect(await user.queue.retry({ ids: [id] })).toBe(1);
    expect((await user.claimOne()).attempt).toBe(1);
    expect(await user.queue.retry({ queue: 'mail' })).toBe(1);
    expect(await user.names()).toEqual(['two']);
  });
}

function describeKeeping(test: Test, expect: Expect): void {
  test('counts by queue and state, and finds by what is asked for', async (user) => {
    await user.add({ name: 'a', queue: 'mail' });
    await user.add({ name: 'b', queue: 'mail', dueAt: user.in(1) });
    await user.add({ name: 'a', dueAt: user.in(1) });
    await user.claim();
    expect(await user.queue.count()).toEqual([
      { queue: 'default', state: 'waiting', count: 1 },
      { queue: 'mail', state: 'running', count: 1 },
      { queue: 'mail', state: 'waiting', count: 1 },
    ]);
    const found = async (...args: Parameters<JobQueue['find']>) => (await user.queue.find(...args)).length;
    expect(await found({ name: 'a' }, 10)).toBe(2);
    expect(await found({ name: 'a', queue: 'mail' }, 10)).toBe(1);
    expect(await found({ state: 'waiting' }, 10)).toBe(2);
    expect(await found({ state: 'waiting' }, 1)).toBe(1);
    expect(await found({ state: 'waiting', dueBefore: user.clock.now() }, 10)).toBe(0);
    expect(await found({ ids: [] }, 10)).toBe(0);
  });

  test('clears ended jobs alone, and of those the ones that are asked for', async (user) => {
    for (const name of ['old', 'failed', 'young', 'running']) await user.add({ name });
    await user.queue.settle(await user.claimOne(), { kind: 'finished', keep: true });
    await user.queue.settle(await user.claimOne(), { kind: 'failed', error: '' });
    user.clock.advance('1h');
    await user.queue.settle(await user.claimOne(), { kind: 'finished', keep: true });
    await user.claimOne();
    expect(await user.queue.clear({ state: 'finished', dueBefore: user.in(-30) }, 10)).toBe(1);
    expect(await user.queue.clear({ state: 'running' }, 10)).toBe(0);
    const names = async () => (await user.queue.find({}, 10)).map(({ name }) => name);
    expect(await names()).toEqual(['failed', 'young', 'running']);
    expect(await user.queue.clear({}, 10)).toBe(2);
    expect(await names()).toEqual(['running']);
  });

  test('gives 1,001 jobs out in the order in which they came, each once, and clears in batches', async (user) => {
    const ids: string[] = [];
    for (let index = 0; index < 1001; index += 1) ids.push(await user.add());
    const given = [...(await user.claim(300)), ...(await user.claim(300))];
    expect(given.map(({ id }) => id)).toEqual(ids.slice(0, 600));
    expect(await user.queue.clear({ state: 'waiting' }, 400)).toBe(400);
    expect(await user.queue.clear({ state: 'waiting' }, 400)).toBe(1);
    expect(await user.queue.clear({ state: 'waiting' }, 400)).toBe(0);
    expect((await user.queue.find({}, 2000)).length).toBe(600);
  });
}
