import { CheckRunner, Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { ResolvedSettings } from '../boot/resolved-settings.js';

/** Runs the checks and prints what they found. The exit code is 1 when there are errors. */
@Command({
  name: 'check',
  description: 'Look for mistakes in settings, entities and configuration',
  arguments: [{ name: 'areas', description: 'Only these areas', optional: true, variadic: true }],
  options: [
    { flags: '--deploy', description: 'Include what only matters in production' },
    { flags: '--json', description: 'Print the findings as JSON' },
    { flags: '--no-database', description: 'Leave out what asks the database' },
    {
      flags: '--fail-level <level>',
      description: 'Fail on this level and above',
      choices: ['error', 'warning'],
      default: 'error',
    },
  ],
  checks: false,
})
export class CheckCommand extends ManagementCommand {
  constructor(
    private readonly runner: CheckRunner,
    private readonly settings: ResolvedSettings,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<number> {
    const areas = args.areas as readonly string[] | undefined;
    const report = await this.runner.run({
      deploy: options.deploy === true || this.settings.base.production,
      database: options.database !== false,
      silenced: this.settings.silenced,
      ...(areas && areas.length > 0 ? { areas } : {}),
    });
    io.out(options.json ? JSON.stringify(report, null, 2) : report.toText());
    const failing = options.failLevel === 'warning' ? report.findings : report.errors;
    return failing.length > 0 ? 1 : 0;
  }
}
