import { setTimeout as sleep } from 'node:timers/promises';

import { Module } from '@nestjs/common';
import { BackgroundJob, Job, type JobAttempt } from 'bowerbird/jobs';
import { App, Database } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One run of a job. */
@Entity()
export class Run {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar', length: 20 })
  job: string;

  /** What the job was told. */
  @Column({ type: 'varchar', length: 20 })
  what: string;

  @Column({ type: 'integer' })
  attempt: number;

  /** Process of the worker. */
  @Column({ type: 'integer' })
  worker: number;

  @Column({ type: 'boolean', default: false })
  finished: boolean;
}

/** `quick` does its work at once, `slow` takes a while, and `once` hangs for ever when it runs for the first time. */
@Job({ name: 'runs.record' })
export class RecordRun extends BackgroundJob<{ readonly what: string }> {
  constructor(private readonly database: Database) {
    super();
  }

  async run({ what }: { readonly what: string }, { id, number }: JobAttempt): Promise<void> {
    const before = await this.database.objects(Run).filter({ job: id }).count();
    const run = Object.assign(new Run(), { job: id, what, attempt: number, worker: process.pid });
    await this.database.save(run);
    if (what === 'once' && before === 0) await sleep(1e9);
    if (what === 'slow') await sleep(300);
    await this.database.save(Object.assign(run, { finished: true }));
  }
}

@App({ name: 'runs', entities: [Run] })
@Module({ providers: [RecordRun] })
export class RunsModule {}
