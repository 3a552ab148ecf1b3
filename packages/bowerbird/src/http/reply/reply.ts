import { type Readable } from 'node:stream';

/** Headers by name. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** What a reply may carry beside its body. */
export interface ReplyOptions {
  readonly status?: number;
  readonly headers?: ReplyHeaders;
}

/** The whole answer of a handler: status, headers and body. A handler returns it instead of touching the response. */
export class Reply {
  private constructor(
    readonly status: number,
    readonly headers: ReplyHeaders,
    readonly body: string | Uint8Array | Readable | undefined,
  ) {}

  /** A page. */
  static html(body: string, options: ReplyOptions = {}): Reply {
    return new Reply(options.status ?? 200, { 'Content-Type': 'text/html; charset=utf-8', ...options.headers }, body);
  }

  static text(body: string, options: ReplyOptions = {}): Reply {
    return new Reply(options.status ?? 200, { 'Content-Type': 'text/plain; charset=utf-8', ...options.headers }, body);
  }

  static json(body: unknown, options: ReplyOptions = {}): Reply {
    const headers = { 'Content-Type': 'application/json; charset=utf-8', ...options.headers };
    return new Reply(options.status ?? 200, headers, JSON.stringify(body));
  }

  /** Sends the client elsewhere; 303 turns a POST into a GET. The target must be safe: see `safeRedirect`. */
  static redirect(to: string, status: 301 | 302 | 303 | 307 | 308 = 303): Reply {
    return new Reply(status, { Location: encodeTarget(to) }, undefined);
  }

  /** A stream; it is destroyed when the client goes away. Give `Content-Type` in the headers. */
  static stream(body: Readable, headers: ReplyHeaders, status = 200): Reply {
    return new Reply(status, { 'Content-Type': 'application/octet-stream', ...headers }, body);
  }

  static bytes(body: Uint8Array, headers: ReplyHeaders, status = 200): Reply {
    return new Reply(status, { 'Content-Type': 'application/octet-stream', ...headers }, body);
  }

  /** No body. */
  static empty(status = 204, headers: ReplyHeaders = {}): Reply {
    return new Reply(status, headers, undefined);
  }

  /** The same reply with more headers. */
  with(headers: ReplyHeaders): Reply {
    return new Reply(this.status, { ...this.headers, ...headers }, this.body);
  }
}

/** Percent-encodes what a header cannot carry and leaves existing escapes alone. */
function encodeTarget(to: string): string {
  return to.replace(/[^\u0021-\u007e]+/gu, (part) => encodeURIComponent(part));
}
