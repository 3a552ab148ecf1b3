import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { JobWorker } from '../worker/job-worker.js';

/** What a process may take to end by itself, once its worker has stopped. Milliseconds. */
const LAST_GRACE = 2_000;

/** One press of Ctrl-C arrives twice where npm passes on what the terminal has sent to everybody. Milliseconds. */
const ECHO = 300;

/** `work`: runs jobs until it is told to stop. */
@Command({
  name: 'work',
  description: 'Run jobs until SIGTERM or Ctrl-C',
  service: true,
  options: [
    { flags: '--queues <names>', description: 'only jobs of these queues, separated by commas' },
    { flags: '--concurrency <number>', description: 'how many jobs run at the same time' },
    { flags: '--until-empty', description: 'end when no job is due any more' },
  ],
})
export class WorkCommand extends ManagementCommand {
  constructor(private readonly worker: JobWorker) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const queues = typeof options.queues === 'string' ? namesOf(options.queues) : undefined;
    const concurrency = options.concurrency === undefined ? undefined : numberOf(options.concurrency);
    const untilEmpty = options.untilEmpty === true;
    const forget = this.stopOnSignal(io);
    if (!untilEmpty) io.out(`Working on ${queues ? `the queues ${queues.join(', ')}` : 'all queues'}`);
    try {
      await this.worker.work({ queues, concurrency, untilEmpty });
    } finally {
      forget();
    }
  }

  /** The first signal lets running jobs finish, a second one does not. */
  private stopOnSignal(io: CommandIo): () => void {
    let first: number | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      if (first === undefined) {
        first = performance.now();
        io.err(`Received ${signal}; finishing the jobs that run`);
        void this.worker.stop().then(exitSoonUnless);
      } else if (performance.now() - first > ECHO) process.exit(1);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    return () => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
    };
  }
}

/** A job that was cut off and does not heed its signal must not keep the process alive. */
function exitSoonUnless(finished: boolean): void {
  if (!finished) setTimeout(() => process.exit(), LAST_GRACE).unref();
}

function namesOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new CommandError('--queues takes names that are separated by commas: --queues mail,default');
}

function numberOf(given: unknown): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new CommandError('--concurrency must be a whole number from 1');
}
