import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type HttpResponse, type UploadedFile } from '../http-request.js';
import { UploadStorageError } from '../http.errors.js';

/** Codes of a file system that takes no more: no space, quota reached, file larger than allowed. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** The temporary files of one request; made with the first file, removed when the response is over. */
export class UploadDirectory {
  private path: Promise<string> | undefined;
  private count = 0;

  constructor(
    private readonly parent: string,
    response: HttpResponse,
  ) {
    response.on('close', () => void this.remove());
  }

  /** Streams content into a new temporary file. @throws UploadStorageError */
  async store(
    content: Readable,
    origin: Pick<UploadedFile, 'fieldName' | 'fileName' | 'mediaType'>,
  ): Promise<UploadedFile> {
    try {
      this.path ??= mkdtemp(join(this.parent, 'bowerbird-upload-'));
      // Counted before waiting, because several files of one body arrive at the same moment.
      const name = String((this.count += 1));
      const path = join(await this.path, name);
      const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await pipeline(content, target);
      return { ...origin, size: target.bytesWritten, path, open: () => createReadStream(path) };
    } catch (cause) {
      // Whoever sends must be read to the end, or its parser waits forever.
      content.resume();
      if (!FULL.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
      throw new UploadStorageError('There is no room to keep the upload; try again later', { cause });
    }
  }

  async remove(): Promise<void> {
    const path = await this.path?.catch(() => undefined);
    if (path !== undefined) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The last part of a client's file name, without control characters and characters with a meaning in paths. */
export function safeFileName(name: string): string {
  const base = name.split(/[/\\]/).at(-1)!.normalize('NFC');
  const clean = base
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return shorten(clean === '' ? 'file' : clean);
}

/** At most 200 bytes, keeping the extension. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= 200) return name;
  const extension = /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem + extension) > 200) stem = stem.slice(0, -1);
  return `${stem.replace(/[\ud800-\udbff]$/, '')}${extension}`;
}
