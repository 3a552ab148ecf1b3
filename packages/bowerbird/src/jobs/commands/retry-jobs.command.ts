import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Jobs } from '../jobs.service.js';

/** `jobs:retry`: failed jobs wait again, with all their attempts before them. */
@Command({
  name: 'jobs:retry',
  description: 'Have failed jobs run again',
  arguments: [{ name: 'ids', description: 'ids of failed jobs', optional: true, variadic: true }],
  options: [
    { flags: '--all', description: 'all failed jobs' },
    { flags: '--name <name>', description: 'failed jobs of this name' },
    { flags: '--queue <queue>', description: 'failed jobs of this queue' },
  ],
})
export class RetryJobsCommand extends ManagementCommand {
  constructor(private readonly jobs: Jobs) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const { name, queue } = options as Readonly<Record<string, string | undefined>>;
    const ids = [args.ids ?? []].flat();
    if (ids.length === 0 && name === undefined && queue === undefined && options.all !== true)
      throw new CommandError('Say which jobs run again: ids, --name, --queue or --all', {
        hint: 'jobs --state failed lists them',
      });
    const wrong = ids.find((id) => !/^\d{1,18}$/.test(id));
    if (wrong !== undefined)
      throw new CommandError(`"${wrong}" is no id of a job`, { hint: 'jobs --state failed lists them' });
    const count = await this.jobs.retry({ ...(ids.length > 0 && { ids }), name, queue });
    io.out(`${count} job${count === 1 ? '' : 's'} will run again`);
  }
}
