import { Injectable } from '@nestjs/common';

import {
  fileReply,
  ForbiddenError,
  HttpMiddleware,
  HttpMiddlewareProvider,
  mediaTypeOf,
  MethodNotAllowedError,
  NotFoundError,
  sendReply,
  Slot,
  type HttpHandler,
  type HttpRequest,
  type Reply,
} from '#http';

import { type Disk } from './disk.js';
import { Disks } from './disks.js';

/** Types that a browser may show in place: they run no scripts. Everything else is downloaded. */
const SHOWN = /^(?:image\/(?!svg)|audio\/|video\/|font\/|text\/plain\b)/;

/**
 * Answers requests for files of disks. Uploaded content is never trusted: it is served with `nosniff` and a policy that
 * forbids everything, and what could run scripts (HTML, SVG, XML, PDF) is a download.
 */
@HttpMiddleware({ slot: Slot.Static + 10, requires: [Slot.Context] })
@Injectable()
export class MediaMiddleware extends HttpMiddlewareProvider {
  constructor(private readonly disks: Disks) {
    super();
  }

  createHandler(): HttpHandler {
    const { prefix } = this.disks;
    return (request, response, next) => {
      if (!request.url.startsWith(prefix)) return next();
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return next(new MethodNotAllowedError(request.method, ['GET', 'HEAD']));
      return this.answer(request, prefix).then((reply) => sendReply(response, reply));
    };
  }

  private async answer(request: HttpRequest, prefix: string): Promise<Reply> {
    const { disk: diskName, name } = parsePath(request.url.slice(prefix.length));
    const disk = this.disks.find(diskName);
    if (!disk) throw new NotFoundError('There is no such file');
    if (disk.visibility === 'private') this.requireSignature(request, diskName, name);
    return reply(request, disk, name);
  }

  private requireSignature({ query }: HttpRequest, disk: string, name: string): void {
    if (!this.disks.signedUrls.opens(disk, name, query.expires, query.signature))
      throw new ForbiddenError('The address of this file is not valid any more');
  }
}

/** The disk and the name in the part of an address after the prefix. @throws NotFoundError */
function parsePath(rest: string): { readonly disk: string; readonly name: string } {
  try {
    const [disk = '', ...parts] = rest.split(/[?#]/, 1)[0]!.split('/').map(decodeURIComponent);
    if (parts.length > 0 && parts.every((part) => !part.includes('/'))) return { disk, name: parts.join('/') };
  } catch {
    // An address that cannot be decoded names no file.
  }
  throw new NotFoundError('There is no such file');
}

async function reply(request: HttpRequest, disk: Disk, name: string): Promise<Reply> {
  const [size, modified] = await Promise.all([disk.size(name), disk.modified(name)]);
  const type = mediaTypeOf(name);
  const shown = SHOWN.test(type);
  return fileReply(request, {
    mediaType: shown ? type : downloadType(type),
    size,
    modified,
    // A name is given once; only after a deletion can it come back with other content, and then at another time.
    etag: `"${size.toString(36)}-${modified.getTime().toString(36)}"`,
    cacheControl: disk.visibility === 'public' ? 'public, max-age=86400' : 'private, max-age=3600',
    headers: {
      'Content-Security-Policy': "default-src 'none'; sandbox",
      ...(!shown && { 'Content-Disposition': attachment(name) }),
    },
    open: (range) => disk.open(name, range),
  });
}

/** Types that browsers run even as downloads in odd settings lose their names. */
function downloadType(type: string): string {
  return /html|svg|xml|javascript/.test(type) ? 'application/octet-stream' : type;
}

/** A download under the file's own name (RFC 6266). */
function attachment(name: string): string {
  const base = name.split('/').at(-1)!;
  const plain = base.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(base).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
