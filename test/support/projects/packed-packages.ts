import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { madeOnce } from '../made-once.js';
import { ROOT } from '../root.js';
import { buildPackage } from './installed-package.js';

/** The packages that a project has from this repository, by their folder below `packages`. */
const OURS = {
  bowerbird: 'bowerbird',
  schematics: '@bowerbird/schematics',
  'create-bowerbird': 'create-bowerbird',
} as const;

/** Neither ours, nor what belongs to the workspace, nor an optional package that no made project asks for. */
const LEFT_OUT = /^(bowerbird|@bowerbird|create-bowerbird|redoc|\.cache|\.vite.*|\.package-lock\.json)$/;

/**
 * A new folder in which projects are made: its `node_modules` has the packages of this repository as npm would publish
 * them, and those of the workspace for everything else. Projects below it need no installation of their own.
 */
export async function installPacked(): Promise<string> {
  // The temporary folder is that of the run, whose suites share the packages.
  const shared = await madeOnce(join(realpathSync(tmpdir()), 'packed'), fill);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'create-bowerbird-')));
  symlinkSync(join(shared, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function fill(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@bowerbird'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!LEFT_OUT.test(name)) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const [name, tarball] of pack(folder)) unpack(tarball, join(modules, OURS[name]), name);
}

/** Packs each of our packages, built. Suites that do not run on the build of `npm test` build what they pack. */
function pack(folder: string): readonly (readonly [keyof typeof OURS, string])[] {
  const names = Object.keys(OURS) as (keyof typeof OURS)[];
  const built = process.env.BOWERBIRD_TEST_BUILT === '1';
  const places = names.map((name) => join(ROOT, 'packages', name));
  if (!built) {
    run('node', 'node_modules/typescript/bin/tsc', '-b', ...places.slice(1));
    places[0] = buildPackage();
  }
  const options = ['--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = JSON.parse(run('npm', 'pack', ...options, ...places)) as readonly { readonly filename: string }[];
  return names.map((name, index) => [name, join(folder, packed[index]!.filename)]);
}

function unpack(tarball: string, target: string, name: string): void {
  mkdirSync(target);
  run('tar', '-xzf', tarball, '-C', target, '--strip-components=1');
  symlinkSync(join(ROOT, 'packages', name, 'node_modules'), join(target, 'node_modules'));
}

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
