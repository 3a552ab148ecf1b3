import { Logger } from '@nestjs/common';
import { type QueryRunner } from 'typeorm';

import { callerPlace, captureStack, contextValue, QUERY_LOG, QUERY_WATCHER } from '#core';

import { type DatabaseConfig } from '../orm.options.js';
import { redactStatement } from './redact-statement.js';

/** How a statement is sent. */
export type Send = QueryRunner['query'];

/** Sees every statement of a database: for whoever counts them in the current context, and for the log of slow ones. */
export class StatementWatch {
  private readonly logger = new Logger('Database');

  constructor(private readonly config: Pick<DatabaseConfig, 'alias' | 'dialect' | 'slowQuery'>) {}

  /** The way of sending with eyes on it. Where nobody looks it costs two look-ups. */
  watched<A extends readonly unknown[]>(
    send: (sql: string, ...rest: A) => Promise<unknown>,
  ): (sql: string, ...rest: A) => Promise<unknown> {
    const { alias, slowQuery } = this.config;
    return (sql, ...rest) => {
      const log = contextValue(QUERY_LOG);
      const watcher = contextValue(QUERY_WATCHER);
      if (!log && !watcher && slowQuery === 0) return send(sql, ...rest);
      const stack = watcher || slowQuery > 0 ? captureStack() : undefined;
      if (stack) watcher?.({ sql, alias, stack });
      const start = performance.now();
      return send(sql, ...rest).finally(() => {
        const duration = performance.now() - start;
        log?.push({ sql, duration });
        if (stack && slowQuery > 0 && duration >= slowQuery) this.report(sql, duration, stack);
      });
    };
  }

  private report(sql: string, duration: number, stack: Error): void {
    const { alias, dialect } = this.config;
    const place = callerPlace(stack);
    const at = place ? ` at ${place}` : '';
    this.logger.warn(`Slow query on "${alias}" (${Math.round(duration)} ms)${at}: ${redactStatement(sql, dialect)}`);
  }
}
