import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that a generator writes. */
export interface FileWrite {
  /** Below the project, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly isNew: boolean;
}

/** Writes all files; where one cannot be written, those before it are as they were. */
export function writeFiles(root: string, files: readonly FileWrite[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const file of files) undo.unshift(writeFile(root, file));
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}

/** Writes one file. Returns what takes that back. */
function writeFile(root: string, { path, content, isNew }: FileWrite): () => void {
  const place = join(root, path);
  const before = isNew ? undefined : readFileSync(place);
  const made = mkdirSync(dirname(place), { recursive: true });
  const undo = (): void => {
    if (before) writeFileSync(place, before);
    else rmSync(made ?? place, { recursive: true, force: true });
  };
  try {
    writeFileSync(place, content, { flag: isNew ? 'wx' : 'w' });
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
  return undo;
}
