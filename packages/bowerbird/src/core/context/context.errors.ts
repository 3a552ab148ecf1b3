import { FrameworkError } from '../errors/framework.error.js';

/** Work that needs the ambient context ran outside of a request, job, command or test scope. */
export class NoContextError extends FrameworkError {
  readonly code = 'core.no_context';

  constructor() {
    super('No ambient context: this call works inside a request, a job, a command or a test scope', {
      hint: 'Wrap the call in `app.run(() => …)`, or inject the service instead of using the ambient form',
    });
  }
}
