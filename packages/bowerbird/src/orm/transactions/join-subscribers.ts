import { type QueryRunner } from 'typeorm';

import { type Transactions } from './transactions.js';

const ENTITY_EVENT = /^broadcast(Before|After)(Insert|Update|Remove|SoftRemove|Recover)Event$/;

/**
 * Lets subscribers and entity listeners take part in the transaction that TypeORM opens for a save or a removal; they
 * would otherwise wait for it, and it for them.
 */
export function joinSubscribers(runner: QueryRunner, transactions: Transactions): void {
  const broadcaster = new Proxy(runner.broadcaster, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !ENTITY_EVENT.test(String(name))) return value;
      return (...args: unknown[]): unknown => transactions.joining(runner, () => value.apply(target, args) as unknown);
    },
  });
  Object.assign(runner, { broadcaster });
}
