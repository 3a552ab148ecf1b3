import { type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger, type INestApplicationContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { showThrown } from '#core';

import { HttpConfig } from '../http.options.js';

/** How a shutdown ended: everything finished, or the deadline cut something off. */
export type ShutdownOutcome = 'finished' | 'cut off';

/** How often connections that have become idle are closed, in milliseconds. */
const SWEEP = 50;

/** One press of Ctrl-C arrives twice where npm passes on what the terminal has sent to everybody. Milliseconds. */
const ECHO = 300;

/** Stops the application without losing what runs. */
@Injectable()
export class GracefulShutdown {
  private readonly logger = new Logger('Shutdown');
  private closing: Promise<ShutdownOutcome> | undefined;
  private readonly companions: (() => Promise<boolean>)[] = [];

  constructor(
    private readonly config: HttpConfig,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Whether the application is about to stop; readiness says no and connections are not kept alive then. */
  get draining(): boolean {
    return this.closing !== undefined;
  }

  /**
   * Has work stop at the same time as the server, before the application is closed.
   * @param stop resolves when the work has stopped, with whether all of it has finished; it keeps to the deadline itself
   */
  alongside(stop: () => Promise<boolean>): void {
    this.companions.push(stop);
  }

  /**
   * Stops accepting connections, lets running requests finish, then closes the application in Nest's order. What the
   * deadline (`http.shutdown.deadline`) finds running is cut off. Further calls get the same promise.
   */
  close(app: INestApplicationContext): Promise<ShutdownOutcome> {
    this.closing ??= this.stop(app);
    return this.closing;
  }

  /**
   * Closes the application on SIGTERM and SIGINT, then calls `exit` with 0, or with 1 when something was cut off or
   * failed. A second signal exits at once.
   */
  listen(app: INestApplicationContext, exit: (code: number) => void): void {
    let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      if (first !== undefined && first.signal === signal && performance.now() - first.at < ECHO) return;
      if (this.draining) return exit(1);
      first = { signal, at: performance.now() };
      this.logger.log(`Received ${signal}; finishing what runs`);
      this.close(app).then(
        (outcome) => exit(outcome === 'finished' ? 0 : 1),
        (error: unknown) => {
          this.logger.error(`The application could not be closed\n${showThrown(error)}`);
          exit(1);
        },
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  }

  private async stop(app: INestApplicationContext): Promise<ShutdownOutcome> {
    const { delay, deadline } = this.config.shutdown;
    if (delay > 0) await sleep(delay);
    const end = Date.now() + deadline;
    const stopped = await Promise.all([this.drain(deadline), ...this.companions.map((stop) => stop())]);
    // Closing connections to databases is quick; it gets a second even when requests have used the deadline up.
    const closed = await within(Math.max(1_000, end - Date.now()), app.close());
    return closed && stopped.every(Boolean) ? 'finished' : 'cut off';
  }

  private async drain(deadline: number): Promise<boolean> {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    if (!server?.listening) return true;
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    const sweeper = setInterval(() => server.closeIdleConnections(), SWEEP);
    const finished = await within(deadline, ended);
    clearInterval(sweeper);
    if (!finished) {
      this.logger.warn(`Requests were still running after ${deadline} ms and were cut off`);
      server.closeAllConnections();
    }
    return finished;
  }
}

/** Whether work ends in time; its failure is the caller's. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
