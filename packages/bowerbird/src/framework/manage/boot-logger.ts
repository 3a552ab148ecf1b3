import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Nest's name for the reporter of errors during boot. */
const BOOT_FAILURES = 'ExceptionHandler';

/** What Nest says of a port that it cannot have. */
const CANNOT_LISTEN = /^Error: (?:listen|getaddrinfo) /;

/** Parts of Nest that log a line for every module and every route. */
const CHATTY: readonly unknown[] = [
  'InstanceLoader',
  'NestFactory',
  'NestApplication',
  'RouterExplorer',
  'RoutesResolver',
];

/**
 * Nest's console logger without a line for every module and route, and without the errors of a failing boot, which
 * `manage` reports itself, for people.
 */
export class BootLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    super({ logLevels });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!CHATTY.includes(rest.at(-1))) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== BOOT_FAILURES && !CANNOT_LISTEN.test(String(message))) super.error(message, ...rest);
  }
}

/** The logger of commands: everything goes to stderr, since stdout is for what they write. */
export class CommandLogger extends BootLogger {
  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    _stream?: 'stdout' | 'stderr',
    stack?: unknown,
    params?: Record<string, unknown>,
  ): void {
    super.printMessages(messages, context, level, 'stderr', stack, params);
  }
}
