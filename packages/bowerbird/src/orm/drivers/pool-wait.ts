import { FrameworkError } from '#core';

import { type DatabaseConfig } from '../orm.options.js';

/** Every connection of the pool was in use for too long. */
export class PoolWaitError extends FrameworkError {
  readonly code = 'orm.pool_wait';
  override readonly status = 503;

  constructor({ alias, waitTimeout, poolMax }: PoolLimits) {
    super(`Waited ${waitTimeout} ms for a free connection to the database "${alias}"; all ${poolMax} are in use`, {
      hint: 'Keep slow work out of transactions, release query runners, or raise pool.max',
    });
  }
}

type PoolLimits = Pick<DatabaseConfig, 'alias' | 'waitTimeout' | 'poolMax'>;

/** Takes a connection from a pool, but waits no longer than `waitTimeout`; one that comes later is given back. */
export function limitPoolWait<C>(
  take: () => Promise<C>,
  giveBack: (connection: C) => void,
  limits: PoolLimits,
): () => Promise<C> {
  return () =>
    new Promise<C>((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new PoolWaitError(limits));
      }, limits.waitTimeout);
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        end();
      };
      take().then(
        (connection) => settle(() => (late ? giveBack(connection) : resolve(connection))),
        (error: Error) => settle(() => reject(error)),
      );
    });
}
