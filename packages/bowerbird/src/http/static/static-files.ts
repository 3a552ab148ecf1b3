import { createReadStream, existsSync } from 'node:fs';

import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';

import { findContributions } from '#core';

import { type HttpRequest } from '../http-request.js';
import { UnknownStaticFileError } from '../http.errors.js';
import { HttpConfig } from '../http.options.js';
import { type Reply } from '../reply/reply.js';
import { acceptedEncoding, CompressedVariants } from './compressed-variants.js';
import { fileReply } from './file-reply.js';
import { isCompressible, mediaTypeOf } from './media-types.js';
import { StaticDirectory, type StaticDirectoryProvider } from './static-directory.decorator.js';
import { StaticManifest, type HashedFile } from './static-manifest.js';
import { StaticSource, type FoundFile } from './static-source.js';

const FOREVER = 'public, max-age=31536000, immutable';
const REVALIDATE = 'public, max-age=0, must-revalidate';
const SHORT = 'public, max-age=3600';

/** Static files: their addresses, and the answers to requests for them. */
@Injectable()
export class StaticFiles implements OnApplicationBootstrap {
  private readonly added: StaticSource[] = [];
  private readonly variants = new CompressedVariants();
  private readonly known = new Set<string>();
  private sources: readonly StaticSource[] | undefined;
  private manifest: StaticManifest | undefined;

  constructor(
    private readonly config: HttpConfig,
    private readonly discovery: DiscoveryService,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Serves the files of a directory below `<static prefix><prefix>/`. Call it in `onModuleInit` at the latest. */
  addDirectory(prefix: string, directory: URL): void {
    this.added.push(new StaticSource(prefix, directory));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.static.hashed && this.host.httpAdapter) await this.buildManifest();
  }

  /** The hashed names of all files; built on first demand. */
  async buildManifest(): Promise<StaticManifest> {
    this.manifest ??= await StaticManifest.build(this.directories());
    return this.manifest;
  }

  /**
   * The address of a file: `admin/admin.css` becomes `/static/admin/admin.4f3a….css`.
   * @throws UnknownStaticFileError outside of production; there a missing file must not take the page with it
   */
  url(path: string): string {
    const file = this.manifest?.plain.get(path);
    if (file) return this.config.static.prefix + file.hashedName;
    if (!this.config.production) this.requireFile(path);
    return this.config.static.prefix + path;
  }

  /** The answer to a request for a file, or undefined when there is none. */
  async reply(request: HttpRequest, name: string): Promise<Reply | undefined> {
    if (this.manifest) {
      const hashed = this.manifest.hashed.get(name);
      const file = hashed ?? this.manifest.plain.get(name);
      return file && this.sendHashed(request, file, hashed ? FOREVER : SHORT);
    }
    const file = await this.find(name);
    return file && sendPlain(request, file);
  }

  /** The directories in the order in which they are searched: the project's own first. */
  directories(): readonly StaticSource[] {
    this.sources ??= [
      ...this.config.static.directories.map((url) => new StaticSource('', url)),
      ...findContributions<StaticDirectoryProvider, string>(this.discovery, StaticDirectory).map(
        ({ meta, instance }) => new StaticSource(meta, instance.url),
      ),
      ...this.added,
    ];
    return this.sources;
  }

  private async find(name: string): Promise<FoundFile | undefined> {
    for (const source of this.directories()) {
      const file = await source.find(name);
      if (file) return file;
    }
    return undefined;
  }

  private async sendHashed(request: HttpRequest, file: HashedFile, cacheControl: string): Promise<Reply> {
    const mediaType = mediaTypeOf(file.name);
    const base = { mediaType, cacheControl };
    const { content } = file;
    if (!content || !isCompressible(mediaType))
      return fileReply(request, { ...base, size: file.size, etag: `"${file.hash}"`, open: opener(file) });
    const headers: Record<string, string> = { Vary: 'Accept-Encoding' };
    const encoding = acceptedEncoding(request.get('accept-encoding'));
    if (!encoding || content.length < 1024)
      return fileReply(request, { ...base, size: content.length, etag: `"${file.hash}"`, headers, open: opener(file) });
    const small = await this.variants.get(file.hash, content, encoding);
    headers['Content-Encoding'] = encoding;
    const etag = `"${file.hash}-${encoding}"`;
    return fileReply(request, { ...base, size: small.length, etag, headers, open: sliced(small) });
  }

  private requireFile(path: string): void {
    if (this.known.has(path)) return;
    const exists = this.directories().some((source) => source.contains(path, (file) => existsSync(file)));
    if (!exists) throw new UnknownStaticFileError(path);
    this.known.add(path);
  }
}

function sendPlain(request: HttpRequest, file: FoundFile): Promise<Reply> {
  return fileReply(request, {
    mediaType: mediaTypeOf(file.name),
    size: file.size,
    etag: `W/"${file.size.toString(36)}-${file.modified.getTime().toString(36)}"`,
    modified: file.modified,
    cacheControl: REVALIDATE,
    open: (range) => createReadStream(file.path, range),
  });
}

function opener({ content, path }: HashedFile) {
  return content ? sliced(content) : (range?: { start: number; end: number }) => createReadStream(path, range);
}

function sliced(content: Buffer) {
  return (range?: { start: number; end: number }) => (range ? content.subarray(range.start, range.end + 1) : content);
}
