import { Injectable } from '@nestjs/common';

import { contextValue, currentContext, QUERY_LOG, QUERY_WATCHER, runWith, type QueryRecord } from '#core';
import { HttpMiddleware, HttpMiddlewareProvider, Slot, type HttpHandler } from '#http';

import { QueryGuard } from './query-guard.js';

/** Collects the statements of requests and of code that runs in the test itself while a test counts them. */
@Injectable()
export class QueryCounter {
  private log: QueryRecord[] | null = null;

  get current(): QueryRecord[] | null {
    return this.log;
  }

  /** Runs work and returns every statement that was sent meanwhile. */
  async record(work: () => Promise<unknown>): Promise<readonly QueryRecord[]> {
    const log: QueryRecord[] = [];
    this.log = log;
    try {
      await runWith(QUERY_LOG, log, work);
    } finally {
      this.log = null;
    }
    return log;
  }
}

/** Puts the counter's log into each request while a test counts, and lets the guard watch it. */
@HttpMiddleware({ slot: Slot.Context + 1, requires: [Slot.Context] })
export class QueryCounterMiddleware extends HttpMiddlewareProvider {
  constructor(
    private readonly counter: QueryCounter,
    private readonly guard: QueryGuard,
  ) {
    super();
  }

  createHandler(): HttpHandler {
    return ({ method, path }, _response, next) => {
      currentContext()?.set(QUERY_WATCHER, this.guard.ofRequest(method, path));
      const log = this.counter.current;
      if (log && contextValue(QUERY_LOG) !== log) currentContext()?.set(QUERY_LOG, log);
      next();
    };
  }
}

/** More statements were sent than a test allows. */
export class QueryBudgetError extends Error {
  constructor(budget: number, log: readonly QueryRecord[]) {
    super(
      `Expected at most ${budget} statements, got ${log.length}:\n${log.map(({ sql }, index) => `${index + 1}. ${sql}`).join('\n')}`,
    );
    this.name = 'QueryBudgetError';
  }
}
