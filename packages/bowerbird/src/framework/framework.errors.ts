import { FrameworkError, type CheckReport } from '#core';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not open the port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of this name',
};

/** The boot checks found errors; the application does not start. */
export class CheckFailedError extends FrameworkError {
  readonly code = 'framework.checks_failed';

  constructor(readonly report: CheckReport) {
    super(`The application cannot start\n\n${report.toText()}`);
  }
}

/** The server cannot have its address: another process listens there, or it may not. */
export class CannotListenError extends FrameworkError {
  readonly code = 'framework.cannot_listen';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(`Cannot listen on ${host}:${port}: ${REASONS[cause.code ?? ''] ?? cause.message}`, {
      hint: 'Change http.host or http.port in the settings (most applications read HOST and PORT)',
      cause,
    });
  }
}

/** `manage` was given a module that does not import the framework. */
export class NotAnApplicationError extends FrameworkError {
  readonly code = 'framework.not_an_application';

  constructor(name: string) {
    super(`${name} does not import FrameworkModule`, {
      hint: `Add FrameworkModule.forRoot({ … }) to the imports of ${name}`,
    });
  }
}
