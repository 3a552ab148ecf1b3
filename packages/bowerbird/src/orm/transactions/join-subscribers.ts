import { type QueryRunner } from 'typeorm';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';

import { type Transactions } from './transactions.js';

const ENTITY_EVENT = /^broadcast(Before|After)(Insert|Update|Remove|SoftRemove|Recover)Event$/;

type Broadcast = (this: Broadcaster, ...args: unknown[]) => unknown;

/** Tells the subscribers of a runner inside of its transaction. Its methods are written below, once for all runners. */
class JoiningBroadcaster extends Broadcaster {
  constructor(
    readonly runner: QueryRunner,
    readonly transactions: Transactions,
  ) {
    super(runner);
  }
}

for (const name of Object.getOwnPropertyNames(Broadcaster.prototype).filter((method) => ENTITY_EVENT.test(method))) {
  const broadcast = (Broadcaster.prototype as unknown as Readonly<Record<string, Broadcast>>)[name]!;
  const joining = function (this: JoiningBroadcaster, ...args: unknown[]): unknown {
    return this.transactions.joining(this.runner, () => broadcast.apply(this, args));
  };
  Object.defineProperty(JoiningBroadcaster.prototype, name, { value: joining, configurable: true, writable: true });
}

/**
 * Lets subscribers and entity listeners take part in the transaction that TypeORM opens for a save or a removal; they
 * would otherwise wait for it, and it for them.
 */
export function joinSubscribers(runner: QueryRunner, transactions: Transactions): void {
  Object.assign(runner, { broadcaster: new JoiningBroadcaster(runner, transactions) });
}
