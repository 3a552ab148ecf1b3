import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { type AppDescription, type MigrationLocation } from '../../apps/app-registry.js';
import { Migration } from '../migration.js';
import { MigrationFileError, MigrationHistoryError } from '../migrations.errors.js';
import { Operation } from '../operations/operation.js';
import { type MigrationFile } from './migration-file.js';
import { MigrationGraph } from './migration-graph.js';

const FILE = /^(\d{4,})_([\w-]+)\.(js|ts|mjs|mts)$/;
const NAME = /^(\d{4,})_[\w-]+$/;
const LOOKS_NUMBERED = /^\d+.*\.(js|ts|mjs|mts)$/;
const IGNORED = /\.(d|spec|test)\.[mc]?[jt]s$/;
const NUMERIC = new Intl.Collator('en', { numeric: true });

/** Imports the migration files of these apps. @throws MigrationFileError, MigrationHistoryError, MigrationDependencyError */
export async function loadMigrations(apps: readonly AppDescription[]): Promise<MigrationGraph> {
  const perApp = await Promise.all(apps.map((app) => loadApp(app)));
  return new MigrationGraph(perApp.flat());
}

/**
 * Imports the migration files of some of all apps, and of those on which they depend, in the order of all.
 * @throws MigrationFileError, MigrationHistoryError, MigrationDependencyError
 */
export async function loadNeededMigrations(
  all: readonly AppDescription[],
  wanted: readonly AppDescription[],
): Promise<MigrationGraph> {
  const needed = new Set(wanted);
  const files = new Map<AppDescription, readonly MigrationFile[]>();
  for (const app of needed) {
    const own = await loadApp(app);
    files.set(app, own);
    const references = own.flatMap(({ migration }) => [...migration.dependencies, ...migration.runBefore]);
    const named = new Set(references.map(([name]) => name));
    for (const other of all) if (named.has(other.name)) needed.add(other);
  }
  return new MigrationGraph(all.flatMap((app) => files.get(app) ?? []));
}

async function loadApp({ name: app, migrations }: AppDescription): Promise<readonly MigrationFile[]> {
  if (!migrations) return [];
  const files = migrations.modules ? modulesOf(app, migrations) : await filesOf(app, migrations);
  requireOnce(app, files);
  return files;
}

async function filesOf(app: string, { url: folder }: MigrationLocation): Promise<readonly MigrationFile[]> {
  const names = await migrationFileNames(folder);
  return Promise.all(names.map((name) => loadFile(app, new URL(name, folder), name)));
}

/** The migrations that an app brought itself, because it has no folder where it runs. */
function modulesOf(app: string, { url, modules = [] }: MigrationLocation): readonly MigrationFile[] {
  const files = modules.map(([name, migration]): MigrationFile => {
    const number = NAME.exec(name)?.[1];
    if (number === undefined) {
      throw new MigrationFileError(`App "${app}" lists "${name}", which is not named like a migration`, {
        hint: 'Four digits, an underscore and a name: 0002_product_sku',
      });
    }
    if (!isMigration(migration)) {
      throw new MigrationFileError(`App "${app}" lists ${name} without a migration`, {
        hint: `import migration from './${name}.js'; then ['${name}', migration]`,
      });
    }
    return { app, name, number: Number(number), url: new URL(name, url), migration };
  });
  return files.sort((left, right) => byNumber(left.name, right.name));
}

/** The names of the migration files in a folder, by number; none when there is no folder. @throws MigrationFileError */
export async function migrationFileNames(folder: URL): Promise<readonly string[]> {
  const entries = await entriesOf(folder);
  const numbered = entries.filter((name) => LOOKS_NUMBERED.test(name) && !IGNORED.test(name));
  const odd = numbered.find((name) => !FILE.test(name));
  if (odd !== undefined) {
    throw new MigrationFileError(`${fileURLToPath(new URL(odd, folder))} is not named like a migration`, {
      hint: 'Four digits, an underscore and a name: 0002_product_sku.ts',
    });
  }
  return numbered.sort(byNumber);
}

function byNumber(left: string, right: string): number {
  return NUMERIC.compare(left, right);
}

async function entriesOf(folder: URL): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new MigrationFileError(`The migrations folder ${fileURLToPath(folder)} cannot be read: ${code}`, {
      cause: error,
    });
  }
}

async function loadFile(app: string, url: URL, fileName: string): Promise<MigrationFile> {
  const [, number = '', rest = ''] = FILE.exec(fileName)!;
  const migration = await importDefault(url);
  if (!isMigration(migration)) {
    throw new MigrationFileError(`${fileURLToPath(url)} has no migration as its default export`, {
      hint: 'export default new Migration({ operations: [ … ] })',
    });
  }
  return { app, name: `${number}_${rest}`, number: Number(number), url, migration };
}

async function importDefault(url: URL): Promise<unknown> {
  try {
    return ((await import(url.href)) as { default?: unknown }).default;
  } catch (cause) {
    throw new MigrationFileError(`${fileURLToPath(url)} cannot be imported: ${(cause as Error).message}`, { cause });
  }
}

function isMigration(value: unknown): value is Migration {
  return value instanceof Migration && value.operations.every((operation) => operation instanceof Operation);
}

/** A migration that is there as a source and compiled would run twice. */
function requireOnce(app: string, files: readonly MigrationFile[]): void {
  files.forEach((file, index) => {
    const previous = files[index - 1];
    if (previous?.name !== file.name) return;
    throw new MigrationHistoryError(`App "${app}" has ${file.name} twice: ${nameOf(previous)} and ${nameOf(file)}`, {
      hint: 'Remove the compiled file beside the source, or the source beside the compiled file',
    });
  });
}

function nameOf({ url }: MigrationFile): string {
  return url.pathname.split('/').at(-1)!;
}
