import { spawnSync } from 'node:child_process';

import { PACKAGE_MANAGERS, type PackageManagerName } from './choices.js';

/** How the commands of a package manager are written. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** Makes a project: what stands before its name. */
  readonly create: string;
  /** Stands between a command and options that are meant for it. */
  readonly separator: string;
  /** Runs a script of `package.json`: stands before its name. */
  readonly run: string;
  /** Runs a program of a package that is installed. */
  readonly exec: string;
  readonly install: readonly string[];
  /** Installs exactly what the lock file says, as shell code. */
  readonly cleanInstall: string;
  /** Leaves the packages behind that run the application, as shell code. */
  readonly prune: string;
  readonly lockFile: string;
}

const MANAGERS: Readonly<Record<PackageManagerName, Omit<PackageManager, 'name'>>> = {
  npm: {
    create: 'npm create bowerbird@latest',
    separator: '-- ',
    run: 'npm run',
    exec: 'npx',
    install: ['install', '--no-audit', '--no-fund'],
    cleanInstall: 'npm ci',
    prune: 'npm prune --omit=dev',
    lockFile: 'package-lock.json',
  },
  pnpm: {
    create: 'pnpm create bowerbird',
    separator: '',
    run: 'pnpm',
    exec: 'pnpm exec',
    install: ['install'],
    cleanInstall: 'pnpm install --frozen-lockfile',
    prune: 'pnpm prune --prod',
    lockFile: 'pnpm-lock.yaml',
  },
  yarn: {
    create: 'yarn create bowerbird',
    separator: '',
    run: 'yarn',
    exec: 'yarn',
    install: ['install'],
    cleanInstall: 'yarn install --immutable',
    prune: 'yarn workspaces focus --all --production',
    lockFile: 'yarn.lock',
  },
};

/** Yarn 1 has its own words. */
const CLASSIC_YARN = {
  cleanInstall: 'yarn install --frozen-lockfile',
  prune: 'yarn install --frozen-lockfile --production --prefer-offline',
} as const;

/** A package manager by its name, as its version speaks. */
export function packageManager(name: PackageManagerName, version?: string): PackageManager {
  const classic = name === 'yarn' && version?.startsWith('1.');
  return { name, ...MANAGERS[name], ...(classic && CLASSIC_YARN) };
}

/** Which one runs this program, by what it says of itself (`npm_config_user_agent`); npm where nobody says it. */
export function runningManager(userAgent: string | undefined): PackageManagerName {
  const name = userAgent?.split('/', 1)[0] ?? '';
  return Object.hasOwn(PACKAGE_MANAGERS, name) ? (name as PackageManagerName) : 'npm';
}

/** Its version: as it says of itself where it runs this program, else as it answers; undefined where it is not there. */
export function versionOf(name: PackageManagerName, userAgent: string | undefined): string | undefined {
  const said = new RegExp(`^${name}/(\\d+\\.\\d+\\.\\d+)`).exec(userAgent ?? '')?.[1];
  if (said) return said;
  const { stdout } = spawnSync(name, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return /^\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
}
