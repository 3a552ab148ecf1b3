import { type Database } from '../connection/database.js';

/**
 * Runs work whose every change of the databases is undone at its end, whatever it does about transactions. Callbacks
 * that wait for a commit do not run. Changes of tables on MySQL and MariaDB cannot be undone: they commit by themselves.
 */
export async function inSandbox(databases: readonly Database[], work: () => Promise<void>): Promise<void> {
  const [first, ...more] = databases;
  if (!first) return work();
  const { stage } = first.transactions;
  await stage.enter();
  try {
    await stage.capture(() => inSandbox(more, work));
  } finally {
    await stage.leave();
  }
}
