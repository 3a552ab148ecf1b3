import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { Injectable } from '@nestjs/common';

import { sha256 } from '#core';
import { fileReply, mediaTypeOf, NotFoundError, type HttpRequest, type Reply } from '#http';

import { viewerFile } from '../drivers/viewer-files.driver.js';

interface LoadedFile {
  readonly plain: Buffer;
  readonly small: Buffer;
  readonly hash: string;
}

/** Answers requests for the files of Swagger UI and Redoc. They are read when they are first asked for. */
@Injectable()
export class ViewerFiles {
  private readonly loaded = new Map<string, Promise<LoadedFile>>();

  /** @throws NotFoundError, MissingPeerError */
  async reply(request: HttpRequest, name: string): Promise<Reply> {
    const path = await viewerFile(name);
    if (path === undefined) throw new NotFoundError('There is no such file');
    const { plain, small, hash } = await this.load(path);
    const packed = /\bgzip\b(?!\s*;\s*q=0)/.test(request.get('accept-encoding') ?? '');
    const content = packed ? small : plain;
    return fileReply(request, {
      mediaType: mediaTypeOf(name),
      size: content.length,
      etag: `"${hash}${packed ? '-gzip' : ''}"`,
      cacheControl: 'private, max-age=0, must-revalidate',
      headers: { Vary: 'Accept-Encoding', ...(packed && { 'Content-Encoding': 'gzip' }) },
      open: (range) => (range ? content.subarray(range.start, range.end + 1) : content),
    });
  }

  private load(path: string): Promise<LoadedFile> {
    const known = this.loaded.get(path) ?? loadFile(path);
    this.loaded.set(path, known);
    return known;
  }
}

async function loadFile(path: string): Promise<LoadedFile> {
  const plain = await readFile(path);
  const small = await promisify(gzip)(plain);
  return { plain, small, hash: sha256(plain).slice(0, 27) };
}
