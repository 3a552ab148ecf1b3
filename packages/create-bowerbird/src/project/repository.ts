import { spawnSync } from 'node:child_process';

/** Makes a repository in a folder. Returns why there is none; undefined when there is one. */
export function makeRepository(folder: string): string | undefined {
  const inside = git(folder, 'rev-parse', '--is-inside-work-tree');
  if (inside === undefined) return 'git is not installed';
  if (inside === 0) return 'the folder is in a repository already';
  // Versions before 2.28 cannot name the first branch.
  const made = git(folder, 'init', '--quiet', '--initial-branch=main') === 0 || git(folder, 'init', '--quiet') === 0;
  return made ? undefined : '"git init" failed';
}

/** The exit code; undefined where there is no git. */
function git(cwd: string, ...args: readonly string[]): number | undefined {
  return spawnSync('git', args, { cwd, stdio: 'ignore' }).status ?? undefined;
}
