import { type Readable } from 'node:stream';

import { type HttpRequest } from '../http-request.js';
import { Reply, type ReplyHeaders } from '../reply/reply.js';
import { parseRange, type FileRange } from './byte-range.js';

/** A file that can be sent. */
export interface SendableFile {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** With its quotes: `"4f3a"` or `W/"4f3a"`. */
  readonly etag: string;
  readonly cacheControl: string;
  readonly modified?: Date;
  readonly headers?: ReplyHeaders;
  /** The content, or a part of it. */
  open(range?: FileRange): Readable | Uint8Array | Promise<Readable | Uint8Array>;
}

/** The answer to a GET or HEAD request for a file: conditional requests and single ranges included. */
export async function fileReply(request: HttpRequest, file: SendableFile): Promise<Reply> {
  const headers = headersOf(file);
  if (isFresh(request, file)) return Reply.empty(304, headers);
  const range = mayResume(request, file) ? parseRange(request.get('range'), file.size) : undefined;
  if (range === 'unsatisfiable') return Reply.empty(416, { ...headers, 'Content-Range': `bytes */${file.size}` });
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${file.size}`;
  headers['Content-Length'] = String(range ? range.end - range.start + 1 : file.size);
  headers['Content-Type'] = file.mediaType;
  if (request.method === 'HEAD') return Reply.empty(range ? 206 : 200, headers);
  const content = file.size === 0 ? new Uint8Array() : await file.open(range);
  return content instanceof Uint8Array
    ? Reply.bytes(content, headers, range ? 206 : 200)
    : Reply.stream(content, headers, range ? 206 : 200);
}

function headersOf(file: SendableFile): Record<string, string> {
  return {
    'Accept-Ranges': 'bytes',
    'Cache-Control': file.cacheControl,
    ETag: file.etag,
    'X-Content-Type-Options': 'nosniff',
    ...(file.modified && { 'Last-Modified': file.modified.toUTCString() }),
    ...file.headers,
  };
}

/** Whether the client's copy is still good (RFC 9110, section 13.1). */
function isFresh(request: HttpRequest, { etag, modified }: SendableFile): boolean {
  const known = request.get('if-none-match');
  if (known !== undefined)
    return known.trim() === '*' || known.split(',').some((item) => weak(item.trim()) === weak(etag));
  const since = Date.parse(request.get('if-modified-since') ?? '');
  return modified !== undefined && !Number.isNaN(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

/** Whether a part may be sent: the client's earlier part must be of this very content (`If-Range`). */
function mayResume(request: HttpRequest, { etag, modified }: SendableFile): boolean {
  const condition = request.get('if-range');
  if (condition === undefined) return true;
  if (condition.includes('"')) return !etag.startsWith('W/') && condition === etag;
  return modified !== undefined && condition === modified.toUTCString();
}

function weak(etag: string): string {
  return etag.replace(/^W\//, '');
}
