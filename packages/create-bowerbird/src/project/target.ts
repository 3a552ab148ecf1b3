import { lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { checkName, folderOf } from '../answers/project-name.js';
import { Problem } from '../problem.js';

/** Where a project goes. */
export interface Target {
  /** The name of the package. */
  readonly name: string;
  readonly folder: string;
  /** Whether the folder is there already, empty. */
  readonly exists: boolean;
}

/** A fresh clone of an empty repository has this alone. */
const HARMLESS: ReadonlySet<string> = new Set(['.git']);

/** The place for a project of the given name, or for `.` in the working folder itself. @throws Problem when it is taken */
export function findTarget(name: string, workingFolder: string): Target {
  const packageName = checkName(name === '.' ? basename(workingFolder).toLowerCase() : name);
  const folder = name === '.' ? workingFolder : join(workingFolder, folderOf(packageName));
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (status === undefined) return { name: packageName, folder, exists: false };
  if (!status.isDirectory()) throw new Problem(`${folder} is not a folder`, 'Choose another name');
  const entries = readdirSync(folder).filter((entry) => !HARMLESS.has(entry));
  if (entries.length === 0) return { name: packageName, folder, exists: true };
  throw new Problem(
    `${folder} is not empty: it has ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}`,
    'Choose another name, or empty the folder; nothing is written over',
  );
}
