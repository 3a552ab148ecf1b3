import { FrameworkError } from '../errors/framework.error.js';

/** A command cannot go on, for a reason that the user can mend. Printed without a stack; the exit code is 1. */
export class CommandError extends FrameworkError {
  readonly code = 'core.command';
}

/** No command has this name; the exit code is 2. */
export class UnknownCommandError extends FrameworkError {
  readonly code = 'core.unknown_command';

  constructor(name: string, suggestion: string) {
    super(`No command named "${name}". ${suggestion}`.trim(), { hint: 'Run with --help for the list of commands' });
  }
}

/** Two providers claim one verb. */
export class DuplicateCommandError extends FrameworkError {
  readonly code = 'core.duplicate_command';

  constructor(name: string, first: string, second: string) {
    super(`Two commands are named "${name}": ${first} and ${second}`, { hint: 'Rename one of them' });
  }
}
