import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { CommandError } from '#core';

import { type AppDescription } from '../../apps/app-registry.js';
import { migrationFileNames } from '../files/migration-loader.js';

/** The folder of this package's own sources. */
const OWN_SOURCES = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the migration files of an app are written, and what stands between them and what runs. */
export class MigrationFolder {
  private constructor(
    /** Where the running program reads them. */
    readonly read: URL,
    /** Where their sources are; the same unless the program runs compiled. */
    readonly sources: URL,
    /** The names that the app lists, when it brings its migrations itself. */
    private readonly listed: readonly string[] | undefined,
  ) {}

  /** Null for an app without migrations. */
  static of({ migrations }: AppDescription): MigrationFolder | null {
    if (!migrations) return null;
    const path = fileURLToPath(migrations.url);
    const real = existsSync(path) ? realpathSync(path) : path;
    return new MigrationFolder(
      migrations.url,
      sourceFolder(pathToFileURL(real.endsWith(sep) ? real : `${real}${sep}`)),
      migrations.modules?.map(([name]) => name),
    );
  }

  /** Files of an installed package are not ours to write. */
  get writable(): boolean {
    return !fileURLToPath(this.sources).split(sep).includes('node_modules');
  }

  /** From where a migration in this folder imports. */
  get door(): string {
    return fileURLToPath(this.sources).startsWith(OWN_SOURCES.replace(/dist[\\/]$/, `src${sep}`))
      ? '#orm'
      : 'bowerbird/orm';
  }

  /** Whether the app lists its migrations, so that a new file must be added to its list. */
  get isListed(): boolean {
    return this.listed !== undefined;
  }

  /** Migrations that are written but do not run yet (not compiled, not listed), and those that run without a source. */
  async differences(): Promise<{ readonly unbuilt: readonly string[]; readonly stale: readonly string[] }> {
    if (!existsSync(this.sources) || (!this.listed && this.sources.href === this.read.href)) {
      return { unbuilt: [], stale: [] };
    }
    const [sources, built] = [await namesIn(this.sources), this.listed ?? (await namesIn(this.read))];
    return {
      unbuilt: sources.filter((name) => !built.includes(name)),
      stale: built.filter((name) => !sources.includes(name)),
    };
  }

  /** Makes the folder of the sources, and returns the first folder that had to be made for it. @throws CommandError */
  async prepare(): Promise<string | undefined> {
    try {
      return await mkdir(this.sources, { recursive: true });
    } catch (cause) {
      throw unwritable(fileURLToPath(this.sources), cause);
    }
  }

  /** Writes a new file. @throws CommandError when there is one of this name */
  async write(name: string, source: string): Promise<string> {
    await this.prepare();
    const path = this.pathOf(name);
    try {
      await writeFile(path, source, { flag: 'wx' });
    } catch (cause) {
      throw unwritable(path, cause);
    }
    return path;
  }

  /** Puts another text in the place of a file, whole or not at all; its compiled copy goes. */
  async replace(name: string, source: string): Promise<string> {
    const path = this.pathOf(name);
    await writeFile(`${path}.new`, source);
    await rename(`${path}.new`, path);
    await this.removeCompiled(name);
    return path;
  }

  /** Deletes the source of a migration and what was compiled from it. */
  async remove(name: string): Promise<string> {
    const path = this.pathOf(name);
    await rm(path);
    await this.removeCompiled(name);
    return path;
  }

  private pathOf(name: string): string {
    return fileURLToPath(new URL(`${name}.ts`, this.sources));
  }

  private async removeCompiled(name: string): Promise<void> {
    if (this.sources.href === this.read.href || !existsSync(this.read)) return;
    const copies = (await readdir(this.read)).filter((each) => each.startsWith(`${name}.`));
    for (const copy of copies) await rm(new URL(copy, this.read));
  }
}

function unwritable(path: string, cause: unknown): CommandError {
  const { code } = cause as NodeJS.ErrnoException;
  return new CommandError(`${path} cannot be written: ${code === 'EEXIST' ? 'it exists already' : code}`, { cause });
}

async function namesIn(folder: URL): Promise<readonly string[]> {
  return (await migrationFileNames(folder)).map((name) => name.replace(/\.[^.]+$/, ''));
}

/** `…/src/…` for `…/dist/…` where that project has sources, else the folder itself. */
function sourceFolder(folder: URL): URL {
  const parts = folder.pathname.split('/');
  const index = parts.lastIndexOf('dist');
  if (index === -1) return folder;
  const project = new URL(`${parts.slice(0, index).join('/')}/src/`, folder);
  return existsSync(project) ? new URL(parts.with(index, 'src').join('/'), folder) : folder;
}
