import { posix } from 'node:path';

import { checkedFolder } from '../names/checked-names.js';
import { isBelow, type Project } from '../project/project.js';
import { SchematicError } from '../schematic-error.js';

/** Where an app goes. */
export interface AppFolder {
  /** The folder of its sources. */
  readonly sources: string;
  /** The folder of its package, when it is one of the workspace. */
  readonly library?: string;
}

/** Folders that hold packages by custom, whether they are there or not. */
const PACKAGE_FOLDERS: ReadonlySet<string> = new Set(['libs', 'packages']);

/**
 * A folder below the sources of the application, or, in a folder of the workspace, a package of its own.
 * @throws SchematicError where the folder is neither
 */
export function appFolder(project: Project, file: string, path: string | undefined): AppFolder {
  if (path === undefined) return { sources: posix.join(project.sourceRoot, file) };
  const folder = checkedFolder(path);
  if (isBelow(folder, project.sourceRoot)) return { sources: posix.join(folder, file) };
  const library = posix.join(folder, file);
  if (isWorkspace(project, library)) return { sources: posix.join(library, 'src'), library };
  if (PACKAGE_FOLDERS.has(folder) || project.tree.getDir(folder).subdirs.length > 0) {
    throw new SchematicError(
      `${folder} is neither below ${project.sourceRoot} nor a folder of the workspace`,
      `Add "${folder}/*" to \`workspaces\` of package.json, or give a folder below ${project.sourceRoot}`,
    );
  }
  return { sources: posix.join(project.sourceRoot, folder, file) };
}

/** Whether `workspaces` of `package.json` have a folder. */
function isWorkspace(project: Project, folder: string): boolean {
  const { workspaces } = (project.json('package.json') ?? {}) as {
    readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  };
  const patterns = (Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: string[] })?.packages) ?? [];
  return (patterns as readonly string[]).some((pattern) => matches(pattern.replace(/^\.\//, ''), folder));
}

function matches(pattern: string, folder: string): boolean {
  if (pattern.endsWith('/**')) return isBelow(folder, pattern.slice(0, -3));
  return pattern.endsWith('/*') ? posix.dirname(folder) === pattern.slice(0, -2) : pattern === folder;
}
