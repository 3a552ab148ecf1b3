import { type IncomingHttpHeaders } from 'node:http';
import { type Readable } from 'node:stream';

/**
 * What the framework's areas see of a request: a structural subset of Express' own object, so that nothing is wrapped
 * and only `http/` knows Express.
 */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as routed; a mounted router strips its prefix here. */
  readonly url: string;
  /** Path and query as the client sent them. */
  readonly originalUrl: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed anew on each access; read it once. */
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly params: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed JSON, or the fields of a form as text by name; undefined when there is none. Set by slot `Limits`. */
  body: unknown;
  /** The bytes of a JSON or urlencoded body, for signatures over it. */
  rawBody?: Buffer;
  /** Files of a multipart body by field name. */
  files?: Readonly<Record<string, readonly UploadedFile[]>>;
  /** Address of the client; believed from headers only through declared proxies. */
  readonly ip: string;
  /** `http` or `https`. */
  readonly protocol: string;
  readonly secure: boolean;
  /** Host with port, as in the `Host` header. */
  readonly host: string;
  /** One header, case-insensitive. */
  get(header: string): string | undefined;
  /** The best of the given media types for the client, or false. */
  accepts(...types: string[]): string | false;
}

/** What the framework's areas see of a response: a structural subset of Express' own object. */
export interface HttpResponse {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  status(code: number): this;
  setHeader(name: string, value: number | string | readonly string[]): this;
  getHeader(name: string): number | string | string[] | undefined;
  removeHeader(name: string): void;
  /** Adds a field to the `Vary` header. */
  vary(field: string): this;
  write(chunk: string | Uint8Array): boolean;
  end(chunk?: string | Uint8Array): void;
  redirect(status: number, url: string): void;
  on(event: 'finish' | 'close', listener: () => void): this;
  destroy(error?: Error): this;
}

/** One step of the request pipeline. Call `next` to go on, with an error to stop. */
export type HttpHandler = (
  request: HttpRequest,
  response: HttpResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>;

/** A file of a multipart body, in a temporary file that is deleted once the response is over. */
export interface UploadedFile {
  /** Name of the form field. */
  readonly fieldName: string;
  /** The client's name for the file, reduced to a safe base name without folders and control characters. */
  readonly fileName: string;
  /** As the client claims; never trust it when serving the file. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Absolute path of the temporary file. */
  readonly path: string;
  /** A new stream over the content. */
  open(): Readable;
}
