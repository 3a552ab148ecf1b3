import { FrameworkError } from '#core';

/** A statement of a transaction failed, the error was swallowed, and the work went on; nothing of it is kept. */
export class TransactionBrokenError extends FrameworkError {
  readonly code = 'orm.transaction_broken';

  constructor(failure: Error) {
    super(`A statement of this transaction has failed, so that nothing of it can be kept: ${failure.message}`, {
      hint: 'Put work whose failure is expected into an atomic() of its own and catch the error around that',
      cause: failure,
    });
  }
}

/** A transaction that must be the outermost one was opened inside of another. */
export class TransactionDurableError extends FrameworkError {
  readonly code = 'orm.transaction_durable';

  constructor(alias: string) {
    super(`atomic({ durable: true }) was called inside of another transaction on "${alias}"`, {
      hint: 'Call it outside of atomic(): what it promises is that its work is committed when it returns',
    });
  }
}
