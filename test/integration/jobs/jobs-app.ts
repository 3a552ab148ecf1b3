import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Module } from '@nestjs/common';
import { ACTOR, contextValue, LOCALE } from 'bowerbird/core';
import { BackgroundJob, Job, JobFailedError, RetryLaterError, type JobAttempt } from 'bowerbird/jobs';
import { App, currentDatabase } from 'bowerbird/orm';

/** What the jobs of a test have done. */
@Injectable()
export class Journal {
  readonly lines: string[] = [];
  readonly attempts: JobAttempt[] = [];
  readonly failures: unknown[] = [];

  async seen(...lines: readonly string[]): Promise<void> {
    while (!lines.every((line) => this.lines.includes(line))) await sleep(5);
  }
}

@Job({ name: 'test.note' })
export class NoteJob extends BackgroundJob<{ readonly text: string }> {
  constructor(private readonly journal: Journal) {
    super();
  }

  async run({ text }: { readonly text: string }, attempt: JobAttempt): Promise<void> {
    this.journal.attempts.push(attempt);
    this.journal.lines.push(
      `${text} by ${contextValue(ACTOR)?.label ?? 'nobody'} in ${contextValue(LOCALE) ?? 'no locale'}`,
    );
    await currentDatabase().query('select 1');
  }
}

/** How often the job fails, and in which way. */
export interface FailingPayload {
  readonly times: number;
  readonly how: 'plain' | 'for good' | 'later' | 'on date';
}

@Job({ name: 'test.failing', attempts: 3, backoff: { first: '10s', factor: 3, jitter: 0 } })
export class FailingJob extends BackgroundJob<FailingPayload> {
  constructor(private readonly journal: Journal) {
    super();
  }

  async run({ times, how }: FailingPayload, { number, last }: JobAttempt): Promise<void> {
    this.journal.lines.push(`${number}${last ? ' last' : ''}`);
    if (number > times) return;
    const secret = 'test-'.repeat(12);
    if (how === 'for good') throw new JobFailedError('Gone for good');
    if (how === 'later') throw new RetryLaterError('1h', 'Too many requests');
    if (how === 'on date') throw new RetryLaterError(new Date('2026-02-01T00:00:00Z'));
    throw new Error(`Boom \u0000🦜 ${secret} postgres://me:pass@there/ ${'x'.repeat(9_000)}`);
  }

  override async onFailed(payload: FailingPayload, error: unknown): Promise<void> {
    this.journal.failures.push([payload, (error as Error).message.slice(0, 13)]);
    if (payload.how === 'plain') throw new Error('this one is logged');
  }
}

/** Waits until it is told to end, or for ever where it is deaf. */
@Job({ name: 'test.waiting', queue: 'slow', attempts: 2, timeout: '200ms', backoff: { first: '1m', jitter: 0 } })
export class WaitingJob extends BackgroundJob<{ readonly name: string; readonly deaf?: boolean }> {
  constructor(private readonly journal: Journal) {
    super();
  }

  async run({ name, deaf }: { readonly name: string; readonly deaf?: boolean }, { signal }: JobAttempt): Promise<void> {
    this.journal.lines.push(`${name} begins`);
    await sleep(60_000, undefined, { ref: false, ...(!deaf && { signal }) });
  }
}

/** Ends when the test says so. */
@Job({ name: 'test.gated', queue: 'gated' })
export class GatedJob extends BackgroundJob<{ readonly name: string }> {
  static open: () => void = () => undefined;

  constructor(private readonly journal: Journal) {
    super();
  }

  async run({ name }: { readonly name: string }, { signal }: JobAttempt): Promise<void> {
    this.journal.lines.push(`${name} begins`);
    await new Promise<void>((resolve, reject) => {
      GatedJob.open = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    this.journal.lines.push(`${name} ends`);
  }
}

@App({ name: 'work', entities: [] })
@Module({ providers: [Journal, NoteJob, FailingJob, WaitingJob, GatedJob], exports: [Journal] })
export class WorkModule {}
