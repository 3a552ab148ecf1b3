/* What must compile and what must not. Nothing here runs: the type checker is the test. */
import { BackgroundJob, type JobAttempt, type Jobs } from 'bowerbird/jobs';

declare const jobs: Jobs;

interface Photo {
  readonly photoId: number;
  readonly size?: 'small' | 'large';
}

class Resize extends BackgroundJob<Photo> {
  async run({ photoId }: Photo, { signal }: JobAttempt): Promise<void> {
    signal.throwIfAborted();
    await Promise.resolve(photoId);
  }
}

class CleanUp extends BackgroundJob {
  constructor(private readonly days: number) {
    super();
  }

  async run(): Promise<void> {
    await Promise.resolve(this.days);
  }
}

class NoJob {
  async run(): Promise<void> {}
}

void jobs.enqueue(Resize, { photoId: 3 }, { delay: '5m', unique: 'photo-3' });
void jobs.enqueue(Resize, { photoId: 3, size: 'small' });
void jobs.enqueue(CleanUp, {});
// @ts-expect-error a payload of another type
void jobs.enqueue(Resize, { photoId: '3' });
// @ts-expect-error a payload that lacks something
void jobs.enqueue(Resize, {});
// @ts-expect-error a payload that has too much
void jobs.enqueue(CleanUp, { photoId: 3 });
// @ts-expect-error a class that is no job
void jobs.enqueue(NoJob, {});
// @ts-expect-error a delay without a unit
void jobs.enqueue(CleanUp, {}, { delay: '5' });
