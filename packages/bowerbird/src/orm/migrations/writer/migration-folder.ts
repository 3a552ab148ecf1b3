import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { type AppDescription } from '../../apps/app-registry.js';
import { migrationFileNames } from '../files/migration-loader.js';
import { LATEST_FILE } from '../linear/latest-file.js';
import { type FileChange } from './change-files.js';

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
    private readonly linear: boolean,
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
      migrations.linear === true,
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

  /** Whether it is there; a program that brings its migrations itself runs without it. */
  get exists(): boolean {
    return existsSync(this.sources);
  }

  /**
   * The file that names the newest migration. Null where the app keeps none, and where only the compiled program is:
   * nobody writes there.
   */
  async latestPath(): Promise<string | null> {
    if (!this.linear || !this.writable) return null;
    const path = fileURLToPath(this.sources);
    const written = (await migrationFileNames(this.sources)).some((file) => /\.m?ts$/.test(file));
    return written || !path.split(sep).includes('dist') ? join(path, LATEST_FILE) : null;
  }

  /** A new file, which must not be there yet. */
  added(name: string, source: string): FileChange {
    return { path: this.pathOf(name), text: source, fresh: true };
  }

  /** Another text in the place of a file; its compiled copies go. */
  async replaced(name: string, source: string): Promise<readonly FileChange[]> {
    return [{ path: await this.sourceOf(name), text: source }, ...(await this.compiledCopies(name))];
  }

  /** A file that goes, with what was compiled from it. */
  async removed(name: string): Promise<readonly FileChange[]> {
    return [{ path: await this.sourceOf(name), text: null }, ...(await this.compiledCopies(name))];
  }

  /** The file in which the source of a migration is; one that is still to be written is TypeScript. */
  async sourceOf(name: string): Promise<string> {
    const files = await migrationFileNames(this.sources);
    const found = files.find((file) => withoutExtension(file) === name);
    return found === undefined ? this.pathOf(name) : fileURLToPath(new URL(found, this.sources));
  }

  private pathOf(name: string): string {
    return fileURLToPath(new URL(`${name}.ts`, this.sources));
  }

  private async compiledCopies(name: string): Promise<readonly FileChange[]> {
    if (this.sources.href === this.read.href || !existsSync(this.read)) return [];
    const copies = (await readdir(this.read)).filter((each) => each.startsWith(`${name}.`));
    return copies.map((copy) => ({ path: fileURLToPath(new URL(copy, this.read)), text: null }));
  }
}

async function namesIn(folder: URL): Promise<readonly string[]> {
  return (await migrationFileNames(folder)).map(withoutExtension);
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^.]+$/, '');
}

/** `…/src/…` for `…/dist/…` where that project has sources, else the folder itself. */
function sourceFolder(folder: URL): URL {
  const parts = folder.pathname.split('/');
  const index = parts.lastIndexOf('dist');
  if (index === -1) return folder;
  const project = new URL(`${parts.slice(0, index).join('/')}/src/`, folder);
  return existsSync(project) ? new URL(parts.with(index, 'src').join('/'), folder) : folder;
}
