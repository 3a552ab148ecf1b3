import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { CommandError } from '#core';

/** What becomes of one file. */
export interface FileChange {
  readonly path: string;
  /** What it says from now on; null when it goes. */
  readonly text: string | null;
  /** There must be no file of this name yet. */
  readonly fresh?: boolean;
}

/** What takes a change of a path back. */
interface Undo {
  readonly path: string;
  readonly run: () => Promise<void>;
}

/**
 * Writes and deletes several files: all of it happens, or nothing. Folders are made where they are missing.
 * @throws CommandError when one of them cannot be written
 */
export async function changeFiles(changes: readonly FileChange[]): Promise<void> {
  const undo: Undo[] = [];
  for (const change of changes) {
    try {
      await changeFile(change, undo);
    } catch (cause) {
      throw unwritable(change.path, cause, await takeBack(undo));
    }
  }
}

async function changeFile({ path, text, fresh = false }: FileChange, undo: Undo[]): Promise<void> {
  const made = text === null ? undefined : await mkdir(dirname(path), { recursive: true });
  if (made !== undefined) undo.push({ path: made, run: () => rm(made, { recursive: true, force: true }) });
  const before = fresh ? null : await readIfThere(path);
  await (fresh ? create(path, text) : put(path, text));
  undo.push({ path, run: () => put(path, before) });
}

/** Never touches a file that somebody else has made meanwhile. */
async function create(path: string, text: string | null): Promise<void> {
  try {
    await writeFile(path, text ?? '', { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The file under its own name is the old one until the new one is complete. */
async function put(path: string, text: string | Buffer | null): Promise<void> {
  if (text === null) return rm(path, { force: true });
  const beside = `${path}.new`;
  try {
    await writeFile(beside, text);
    return await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Takes back what can be, last first, and returns the paths of which it could not. */
async function takeBack(undo: readonly Undo[]): Promise<readonly string[]> {
  const stuck: string[] = [];
  for (const { path, run } of undo.toReversed()) await run().catch(() => stuck.push(path));
  return stuck;
}

function unwritable(path: string, cause: unknown, stuck: readonly string[]): CommandError {
  const reason = codeOf(cause) === 'EEXIST' ? 'it exists already' : codeOf(cause);
  return new CommandError(`${path} cannot be written: ${reason}`, {
    hint: stuck.length > 0 ? `These could not be put back: ${stuck.join(', ')}` : 'No file was changed',
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
