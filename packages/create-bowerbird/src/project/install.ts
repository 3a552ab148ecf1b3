import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { type PackageManager } from '../answers/package-manager.js';

/** How an installation ended. */
export type Installed = 'done' | 'failed' | 'stopped';

/**
 * Installs the packages of a project. Where that fails or is stopped by Ctrl-C, which the terminal sends to the package
 * manager as well, what was installed is removed again.
 */
export async function installPackages(folder: string, { name, install }: PackageManager): Promise<Installed> {
  let stopped = false;
  const stop = (): void => void (stopped = true);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const outcome = await run(folder, name, install);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (outcome) return 'done';
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  return stopped ? 'stopped' : 'failed';
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<boolean> {
  // On Windows package managers are scripts, which only a shell runs; none of the words comes from outside.
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', pass);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0;
  } catch {
    // There is no such program; who asked is told that nothing was installed.
    return false;
  } finally {
    process.off('SIGTERM', pass);
  }
}
