import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { ROOT } from '../root.js';

const SOURCE = join(ROOT, 'packages/bowerbird');
const PACKAGE = join(ROOT, 'node_modules/.cache/docs/bowerbird');

/**
 * Compiles the package as it is published, next to the installed ones and not into `dist`, which belongs to builds.
 * Compiled parts are kept for the next run; a run on what was built takes that. Returns its folder.
 */
export function buildPackage(): string {
  if (process.env.BOWERBIRD_TEST_BUILT === '1') return SOURCE;
  const info = join(PACKAGE, '../bowerbird.tsbuildinfo');
  const options = ['--outDir', join(PACKAGE, 'dist'), '--tsBuildInfoFile', info, '--declarationMap', 'false'];
  mkdirSync(join(PACKAGE, 'dist'), { recursive: true });
  run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', SOURCE, ...options);
  cpSync(join(SOURCE, 'package.json'), join(PACKAGE, 'package.json'));
  for (const entry of readdirSync(join(SOURCE, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts')) continue;
    const path = relative(join(SOURCE, 'src'), join(entry.parentPath, entry.name));
    cpSync(join(SOURCE, 'src', path), join(PACKAGE, 'dist', path));
  }
  run(join(ROOT, 'scripts/bundle.mjs'), PACKAGE);
  return PACKAGE;
}

function run(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The package cannot be built:\n${stdout}${stderr}`);
}

/** Gives a project the workspace's packages and the freshly built one, as an installation would. */
export function install(project: string, bowerbird: string): void {
  const modules = join(project, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== 'bowerbird' && name !== '.cache' && name !== '.vite')
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  symlinkSync(bowerbird, join(modules, 'bowerbird'));
}

/** Makes the folders above a file. */
export function makeFolder(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
}
