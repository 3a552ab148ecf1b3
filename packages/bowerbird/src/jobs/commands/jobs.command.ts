import { Clock, Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { type JobState, type StoredJob } from '../job-queue.js';
import { Jobs } from '../jobs.service.js';

const STATES: readonly JobState[] = ['waiting', 'running', 'finished', 'failed'];

/** `jobs`: how many jobs there are, or which. */
@Command({
  name: 'jobs',
  description: 'Count the jobs by queue, or list those in a state',
  options: [
    { flags: '--state <state>', description: 'list the jobs in this state', choices: STATES },
    { flags: '--name <name>', description: 'list the jobs of this name' },
    { flags: '--queue <queue>', description: 'list the jobs of this queue' },
    { flags: '--limit <number>', description: 'most jobs in the list', default: '50' },
    { flags: '--json', description: 'print JSON, with payloads and whole errors' },
  ],
})
export class JobsCommand extends ManagementCommand {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const { state, name, queue } = options as Readonly<Record<string, string | undefined>>;
    const json = options.json === true;
    if (state === undefined && name === undefined && queue === undefined) return this.printCounts(json, io);
    const found = await this.jobs.find({ state: state as JobState | undefined, name, queue }, limitOf(options.limit));
    if (json) return io.out(JSON.stringify(found, null, 2));
    if (found.length === 0) io.out('No such jobs');
    for (const job of found) io.out(this.line(job));
  }

  private async printCounts(json: boolean, io: CommandIo): Promise<void> {
    const counts = await this.jobs.count();
    if (json) return io.out(JSON.stringify(counts, null, 2));
    if (counts.length === 0) io.out('No jobs');
    for (const queue of new Set(counts.map((count) => count.queue))) {
      const own = counts.filter((one) => one.queue === queue);
      own.sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state));
      io.out(`${queue}: ${own.map(({ state, count }) => `${count} ${state}`).join(', ')}`);
    }
  }

  private line({ id, name, queue, state, attempts, dueAt, error }: StoredJob): string {
    const when = state === 'waiting' && dueAt > this.clock.now() ? `due ${dueAt.toISOString()}` : state;
    const why = error === null ? '' : `: ${error.split('\n')[0]!}`;
    return `${id}  ${name}  ${queue}  ${when}, ${attempts} attempt${attempts === 1 ? '' : 's'}${why}`;
  }
}

function limitOf(given: unknown): number {
  const limit = Number(given ?? 50);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new CommandError('--limit must be a whole number from 1');
}
