import { type ApplicationModule, type ManageOptions as FrameworkOptions } from '#framework';

import { scaffold, SCAFFOLDING, scaffoldOf } from './scaffolding.js';

/** How {@link manage} runs; everything has a default. */
export interface ManageOptions extends Omit<FrameworkOptions, 'elsewhere'> {
  /** A folder of the project in which generators write; that of the process by default. */
  readonly folder?: string;
}

/**
 * The one entry of an application: without a verb it serves, with one it runs that command and ends.
 * The exit code is 0 on success, 1 when the work failed, 2 when the command line was wrong.
 *
 * Generators (`startapp`, `make:…`) answer without the application, and without Nest where this function comes from
 * `bowerbird/manage` and the application is given as a function.
 */
export async function manage(application: ApplicationModule, options: ManageOptions = {}): Promise<void> {
  const { folder, ...rest } = options;
  const asked = scaffoldOf(options.argv ?? process.argv.slice(2));
  if (asked) process.exitCode = await scaffold(asked, options.io, folder);
  else await (await import('#framework')).manage(application, { ...rest, elsewhere: SCAFFOLDING });
}
