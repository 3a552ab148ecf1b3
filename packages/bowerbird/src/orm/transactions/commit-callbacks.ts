import { Logger } from '@nestjs/common';

import { OnCommitError } from '../orm.errors.js';

/** How a callback runs after a commit. */
export interface OnCommitOptions {
  /**
   * Whether it stands for itself: its error is logged, and it runs also where a callback before it has failed. Without
   * it an error reaches the caller, and later callbacks that are not robust do not run.
   * See https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.on_commit
   */
  readonly robust?: boolean;
}

/** What is to be done after a commit. */
export interface CommitCallback {
  readonly run: () => unknown;
  readonly robust: boolean;
}

/** Runs callbacks in order, and reports the first failure that is not just to be logged. @throws OnCommitError */
export async function runCallbacks(callbacks: readonly CommitCallback[]): Promise<void> {
  const failures: unknown[] = [];
  let skipped = 0;
  for (const callback of callbacks) {
    if (callback.robust) await logged(callback);
    else if (failures.length > 0) skipped += 1;
    else await attempt(callback, (error) => failures.push(error));
  }
  if (failures.length > 0) throw new OnCommitError(failures[0], skipped);
}

/** A callback as a function of its own, whose errors are logged where it is robust. */
export function plainCallback(callback: CommitCallback): () => unknown {
  return callback.robust ? () => logged(callback) : callback.run;
}

async function logged(callback: CommitCallback): Promise<void> {
  await attempt(callback, (error) => {
    const message = error instanceof Error ? error.message : String(error);
    const name = callback.run.name || 'a function';
    const stack = error instanceof Error ? error.stack : undefined;
    new Logger('bowerbird.orm').error(`A robust onCommit() callback (${name}) failed: ${message}`, stack);
  });
}

async function attempt({ run }: CommitCallback, failed: (error: unknown) => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    failed(error);
  }
}
