import {
  BATCH_OPTION,
  clearInBatches,
  Clock,
  Command,
  CommandError,
  ManagementCommand,
  parseDuration,
  type CommandInput,
  type CommandIo,
} from '#core';

import { JobQueue, type JobState } from '../job-queue.js';

const CLEARED: readonly JobState[] = ['finished', 'failed', 'waiting'];

/** `jobs:clear`: forgets jobs, in batches, so that no statement locks the table for long. */
@Command({
  name: 'jobs:clear',
  description: 'Forget finished jobs, or those in another state',
  options: [
    { flags: '--state <state>', description: 'jobs in this state', choices: CLEARED, default: 'finished' },
    { flags: '--name <name>', description: 'only jobs of this name' },
    { flags: '--queue <queue>', description: 'only jobs of this queue' },
    { flags: '--older-than <duration>', description: 'only jobs that ended, or were due, this long ago: 7d' },
    BATCH_OPTION,
  ],
})
export class ClearJobsCommand extends ManagementCommand {
  constructor(
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    const {
      state = 'finished',
      name,
      queue,
      olderThan,
    } = input.options as Readonly<Record<string, string | undefined>>;
    const dueBefore = olderThan === undefined ? undefined : this.before(olderThan);
    const filter = { state: state as JobState, name, queue, dueBefore };
    const total = await clearInBatches(input, (rows) => this.queue.clear(filter, rows));
    io.out(`Removed ${total} ${state} job${total === 1 ? '' : 's'}`);
  }

  private before(text: string): Date {
    const age = parseDuration(text);
    if (age === undefined) throw new CommandError('--older-than must be a duration such as "12h" or "7d"');
    return new Date(this.clock.now().getTime() - age);
  }
}
