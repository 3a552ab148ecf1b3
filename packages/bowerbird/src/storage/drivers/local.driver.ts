import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { randomToken } from '#core';

import { Disk, type ByteRange, type Visibility } from '../disk.js';
import { fitName, partsOf, withRandomPart } from '../file-name.js';
import { FileMissingError, InvalidNameError, StorageFullError } from '../storage.errors.js';
import { type DiskContext } from '../storage.options.js';

/** Settings of a local disk. */
export interface LocalDiskOptions {
  /** The directory, relative to the entry file; made when it is missing. */
  readonly root: string | URL;
  /** Whether files open by their bare addresses; `private` by default, with signed addresses. */
  readonly visibility?: Visibility;
}

/** Where files lie while they are written; hidden, so that no name reaches it. */
const UNFINISHED = '.unfinished';

/** Age at which nobody writes an unfinished file any more, in milliseconds. */
const ABANDONED = 86_400_000;

/** Codes of a file system that takes no more. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A disk in a directory of this machine. */
export class LocalDisk extends Disk {
  readonly visibility: Visibility;
  private readonly directory: string;
  private swept = false;

  constructor(
    options: LocalDiskOptions,
    private readonly context: DiskContext,
  ) {
    super();
    this.visibility = options.visibility ?? 'private';
    this.directory = fileURLToPath(new URL(options.root, context.root)).replace(/[\\/]+$/, '');
  }

  async save(wanted: string, content: Readable | Uint8Array): Promise<string> {
    const name = fitName(wanted);
    const unfinished = join(this.directory, UNFINISHED, randomToken(16));
    try {
      await mkdir(dirname(unfinished), { recursive: true });
      await this.sweepOnce(dirname(unfinished));
      const source = content instanceof Uint8Array ? Readable.from([content], { objectMode: false }) : content;
      await pipeline(source, createWriteStream(unfinished, { flags: 'wx', mode: 0o640, flush: true }));
      return await this.publish(unfinished, name);
    } catch (error) {
      if (FULL.includes(codeOf(error))) throw new StorageFullError(this.context.name, error);
      throw error;
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async open(name: string, range?: ByteRange): Promise<Readable> {
    return createReadStream(await this.find(name), range);
  }

  async delete(name: string): Promise<void> {
    const path = await this.find(name).catch((error: unknown) => {
      if (error instanceof FileMissingError) return undefined;
      throw error;
    });
    if (path !== undefined) await rm(path, { force: true });
  }

  async exists(name: string): Promise<boolean> {
    partsOf(name);
    return this.find(name).then(
      () => true,
      () => false,
    );
  }

  async size(name: string): Promise<number> {
    return (await stat(await this.find(name))).size;
  }

  async modified(name: string): Promise<Date> {
    return (await stat(await this.find(name))).mtime;
  }

  url(name: string): string {
    const address = this.context.prefix + partsOf(name).map(encodeURIComponent).join('/');
    if (this.visibility === 'public') return address;
    return `${address}?${this.context.signedUrls.query(this.context.name, name)}`;
  }

  /** Removes what a process left behind that was killed in the middle of a file, once it is old. */
  private async sweepOnce(folder: string): Promise<void> {
    if (this.swept) return;
    this.swept = true;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
      if (age > ABANDONED) await rm(path, { force: true });
    }
  }

  /** Gives a whole file its name; where the name is taken, one with a random part. */
  private async publish(unfinished: string, name: string): Promise<string> {
    const folder = join(this.directory, ...partsOf(name).slice(0, -1));
    await mkdir(folder, { recursive: true });
    await this.requireInside(folder, name);
    for (let candidate = name; ; candidate = withRandomPart(name)) {
      try {
        await give(unfinished, join(this.directory, candidate));
        return candidate;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** The real path of a file that is there and lies on the disk. @throws InvalidNameError, FileMissingError */
  private async find(name: string): Promise<string> {
    const path = join(this.directory, ...partsOf(name));
    try {
      const real = await this.requireInside(path, name);
      if ((await stat(real)).isFile()) return real;
    } catch (error) {
      if (!ABSENT.includes(codeOf(error))) throw error;
    }
    throw new FileMissingError(name);
  }

  /** Follows links and makes sure that they stay on the disk. */
  private async requireInside(path: string, name: string): Promise<string> {
    const [root, real] = await Promise.all([realpath(this.directory), realpath(path)]);
    if (real !== root && !real.startsWith(root + sep)) throw new InvalidNameError(name);
    return real;
  }
}

/**
 * Gives a whole file a name. A link fails where the name is taken, so two writers never share one, and readers never see
 * half a file. Where the file system knows no links, the name is taken first by an empty file.
 */
async function give(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    await writeFile(path, '', { flag: 'wx' });
    await rename(unfinished, path);
  }
}

/** Codes of file systems that have no links. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Codes that mean that no file has this name. */
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EISDIR'];

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
