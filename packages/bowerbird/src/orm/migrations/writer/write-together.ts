import { rm } from 'node:fs/promises';

import { type MigrationFolder } from './migration-folder.js';

/** A file that is to be written. */
export interface UnwrittenFile {
  readonly folder: MigrationFolder;
  readonly name: string;
  readonly source: string;
}

/** Writes several files: all of them, or none when one cannot be written. Returns their paths. */
export async function writeTogether(files: readonly UnwrittenFile[]): Promise<readonly string[]> {
  const written: string[] = [];
  const made: string[] = [];
  try {
    for (const { folder, name, source } of files) {
      const first = await folder.prepare();
      if (first !== undefined) made.push(first);
      written.push(await folder.write(name, source));
    }
    return written;
  } catch (error) {
    for (const path of [...written, ...made]) await rm(path, { recursive: true, force: true });
    throw error;
  }
}
