import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Longer than making anything takes on a slow machine; a lock that is older is of a run that was killed. */
const LOCK_LASTS_MS = 150_000;

/**
 * A folder that the first suite to ask makes and all others find. It is made as a draft that is renamed when it is
 * complete, so that a killed run leaves nothing half done.
 */
export async function madeOnce(folder: string, make: (draft: string) => void | Promise<void>): Promise<string> {
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (takeLock(lock)) await fill(folder, lock, make);
    else await setTimeout(250);
  }
  return folder;
}

async function fill(folder: string, lock: string, make: (draft: string) => void | Promise<void>): Promise<void> {
  try {
    // Another suite may have made it between the look at the folder and the lock.
    if (existsSync(folder)) return;
    const draft = join(lock, 'draft');
    mkdirSync(draft);
    await make(draft);
    renameSync(draft, folder);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Whether this process may make the folder. */
function takeLock(lock: string): boolean {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > LOCK_LASTS_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
