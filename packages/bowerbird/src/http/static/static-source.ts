import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of a {@link StaticSource}. */
export interface FoundFile {
  /** Name below the static prefix: `admin/admin.css`. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** A directory of static files and the prefix under which they appear. */
export class StaticSource {
  readonly directory: string;
  private readonly prefix: string;

  /** @param prefix such as `admin`; empty for the project's own files */
  constructor(prefix: string, directory: URL) {
    this.directory = fileURLToPath(directory);
    this.prefix = prefix === '' ? '' : `${prefix}/`;
  }

  /** Whether the directory is there. */
  async exists(): Promise<boolean> {
    return stat(this.directory).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** Whether the directory holds a file of this name, according to the given test for paths. */
  contains(name: string, exists: (path: string) => boolean): boolean {
    return name.startsWith(this.prefix) && exists(join(this.directory, name.slice(this.prefix.length)));
  }

  /** One file, or undefined: names may not climb, be hidden, or lead outside through a link. */
  async find(name: string): Promise<FoundFile | undefined> {
    if (!name.startsWith(this.prefix)) return undefined;
    const inner = name.slice(this.prefix.length);
    return inner.split('/').every(isPlainSegment) ? this.inspect(name, join(this.directory, inner)) : undefined;
  }

  /** All files, hidden ones left out. */
  async *files(): AsyncIterable<FoundFile> {
    if (await this.exists()) yield* this.walk('');
  }

  private async *walk(folder: string): AsyncIterable<FoundFile> {
    const entries = await readdir(join(this.directory, folder), { withFileTypes: true });
    for (const entry of entries.filter(({ name }) => isPlainSegment(name))) {
      const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        yield* this.walk(inner);
        continue;
      }
      const found = await this.inspect(this.prefix + inner, join(this.directory, inner));
      if (found) yield found;
    }
  }

  private async inspect(name: string, path: string): Promise<FoundFile | undefined> {
    try {
      const [root, real] = await Promise.all([realpath(this.directory), realpath(path)]);
      if (!real.startsWith(root + sep)) return undefined;
      const { size, mtime, isFile } = await statOf(real);
      return isFile ? { name, path: real, size, modified: mtime } : undefined;
    } catch {
      return undefined;
    }
  }
}

async function statOf(path: string): Promise<{ size: number; mtime: Date; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, mtime: found.mtime, isFile: found.isFile() };
}

/** A name of a file or folder without tricks: not hidden, no separators, no control characters, no drive or stream. */
function isPlainSegment(segment: string): boolean {
  return segment !== '' && !segment.startsWith('.') && !/[\\/:\p{Cc}]/u.test(segment);
}
