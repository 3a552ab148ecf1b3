import { type DatabaseKind, type Template } from '../answers/choices.js';
import { type Project } from '../project/project.js';
import { ENGINES, OVERRIDES, VERSIONS, type PackageName } from '../versions.js';

const FRAMEWORK: readonly PackageName[] = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/swagger',
  'bowerbird',
  'class-transformer',
  'class-validator',
  'reflect-metadata',
  'rxjs',
  'swagger-ui-dist',
  'typeorm',
];

const DRIVERS: Readonly<Record<DatabaseKind, readonly PackageName[]>> = {
  sqlite: ['better-sqlite3'],
  postgres: ['pg', 'pg-query-stream'],
  mysql: ['mysql2'],
};

/** What templates need beside the framework. */
const EXTRAS: Readonly<Record<Template, readonly PackageName[]>> = {
  default: [],
  api: [],
  full: ['@node-rs/argon2', 'nodemailer'],
};

const TOOLS: readonly PackageName[] = [
  '@bowerbird/schematics',
  '@nestjs/cli',
  '@types/node',
  // Tests that say nothing of a database, as generated ones, run on SQLite.
  'better-sqlite3',
  'oxlint',
  'oxlint-tsgolint',
  'prettier',
  'typescript',
  'vite',
  'vitest',
];

/** Whether packages may run code of their own while they are installed. */
const ALLOW_SCRIPTS = { '@scarf/scarf': false, 'better-sqlite3': true } as const;

const SCRIPTS = {
  build: 'tsc',
  dev: 'nest start --watch',
  manage: 'tsc && node dist/main.js',
  start: 'tsc && node dist/main.js',
  test: 'vitest run --dir test',
  lint: 'tsc -p test && oxlint --type-aware && prettier --check .',
  format: 'prettier --write .',
} as const;

/** For templates with jobs of their own. */
const WORKER_SCRIPTS = { work: 'tsc && node dist/main.js work' } as const;

/** `package.json`. */
export function manifest(project: Project): string {
  const { name, manager, managerVersion } = project;
  const dependencies = [...FRAMEWORK, ...DRIVERS[project.database], ...EXTRAS[project.template]];
  return json({
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    ...(managerVersion && manager.name !== 'npm' && { packageManager: `${manager.name}@${managerVersion}` }),
    engines: { node: ENGINES },
    scripts: { ...SCRIPTS, ...(project.template === 'full' && WORKER_SCRIPTS) },
    dependencies: versionsOf(dependencies),
    devDependencies: versionsOf(TOOLS.filter((tool) => !dependencies.includes(tool))),
    ...permissions(project),
    // A package that comes with Swagger UI tells its makers of each installation unless this is said.
    scarfSettings: { enabled: false },
  });
}

/** What modern package managers read beside `package.json`. */
export function managerSettings({ manager, managerVersion }: Project): Readonly<Record<string, string>> {
  const classic = managerVersion?.startsWith('1.');
  const overrides = Object.entries(OVERRIDES).map(([name, version]) => `  ${name}: ${version}`);
  const built = ['onlyBuiltDependencies:', '  - better-sqlite3'];
  const settings: Partial<Record<typeof manager.name, Readonly<Record<string, string>>>> = {
    pnpm: { 'pnpm-workspace.yaml': [...built, 'overrides:', ...overrides, ''].join('\n') },
    // The Nest CLI names newer versions of Node than those that it runs on, which stops Yarn 1 alone.
    yarn: classic ? { '.yarnrc': 'ignore-engines true\n' } : { '.yarnrc.yml': 'nodeLinker: node-modules\n' },
  };
  return settings[manager.name] ?? {};
}

function permissions({ manager }: Project): object {
  if (manager.name === 'pnpm') return {};
  if (manager.name === 'yarn') return { resolutions: OVERRIDES };
  return { overrides: OVERRIDES, allowScripts: ALLOW_SCRIPTS };
}

function versionsOf(names: readonly PackageName[]): object {
  return Object.fromEntries([...names].sort().map((name) => [name, VERSIONS[name]]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
