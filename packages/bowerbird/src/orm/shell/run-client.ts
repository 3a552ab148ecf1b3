import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CommandError } from '#core';

import { type ClientCommand } from './client-command.js';

/** Signals that belong to the client while it runs: Ctrl-C ends its query, not this process. */
const SIGNALS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a client on the terminal of this process, its files in a folder that only this account can read and that is
 * removed afterwards. Returns its exit code. @throws CommandError when no client is installed
 */
export async function runClient(make: (folder: string) => ClientCommand, more: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-dbshell-'));
  try {
    const { programs, files } = make(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
    for (const { name, args } of programs) {
      const code = await start(name, [...args, ...more]);
      if (code !== undefined) return code;
    }
    const names = programs.map(({ name }) => name).join(' or ');
    throw new CommandError(`The client ${names} is not installed`, { hint: 'Install it, or add its folder to PATH' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The exit code, or undefined where there is no such program. */
async function start(name: string, args: readonly string[]): Promise<number | undefined> {
  const ignore = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      const child = spawn(name, args, { stdio: 'inherit' });
      child.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? resolve(undefined) : reject(error),
      );
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}
