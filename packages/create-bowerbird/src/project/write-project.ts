import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { type ProjectFile } from './project-file.js';
import { type Target } from './target.js';

/**
 * Writes all files of a project or none: they are made in a temporary folder beside their place and moved there at the
 * end. Nothing is awaited, so that a signal is heard either before or after.
 */
export function writeProject(target: Target, files: readonly ProjectFile[]): void {
  const temporary = temporaryFolder(target);
  try {
    for (const file of files) writeFile(temporary, file);
    if (target.exists) moveEntries(temporary, target.folder);
    else renameSync(temporary, target.folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** On the same volume as the target, so that moving is renaming. */
function temporaryFolder({ folder, exists }: Target): string {
  const name = `.${basename(folder)}-${randomBytes(6).toString('hex')}`;
  return join(exists ? folder : dirname(folder), name);
}

function writeFile(folder: string, { path, text, mode }: ProjectFile): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: mode ?? 0o666, flag: 'wx' });
}

function moveEntries(from: string, to: string): void {
  const moved: string[] = [];
  try {
    for (const entry of readdirSync(from)) {
      renameSync(join(from, entry), join(to, entry));
      moved.push(entry);
    }
  } catch (error) {
    for (const entry of moved) rmSync(join(to, entry), { recursive: true, force: true });
    throw error;
  }
}
