import { request as httpRequest } from 'node:http';

import { CookieJar } from './cookie-jar.js';
import { encodeForm, encodeMultipart, type EncodedBody, type FormFields, type TestFile } from './multipart.js';
import { TestResponse } from './test-response.js';

/** What a request may carry. At most one of `form`, `json` and `body` is given; `files` goes with `form`. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: FormFields;
  readonly files?: Readonly<Record<string, TestFile>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  /** Follow redirects as a browser does; false by default. */
  readonly follow?: boolean;
  /** Send a CSRF token with unsafe methods when the client knows one; true by default. */
  readonly csrf?: boolean;
}

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'QUERY'];
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * A browser without a window: keeps cookies, asks for HTML, remembers the CSRF token of the last page that had one
 * and sends it with unsafe requests.
 */
export class TestClient {
  readonly cookies = new CookieJar();
  private csrfToken: string | undefined;

  /** @param origin `http://127.0.0.1:41234` */
  constructor(
    readonly origin: string,
    /** Called after each response; what it throws fails the test. */
    private readonly answered: () => void = () => undefined,
  ) {}

  get(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request('GET', path, options);
  }

  post(path: string, form?: FormFields, options: RequestOptions = {}): Promise<TestResponse> {
    return this.request('POST', path, form ? { ...options, form } : options);
  }

  put(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request('PUT', path, options);
  }

  patch(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request('PATCH', path, options);
  }

  delete(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request('DELETE', path, options);
  }

  /** Opens the page, fills its form in and sends it to the page's own address; the token comes from the page. */
  async submit(path: string, form: FormFields, options: RequestOptions = {}): Promise<TestResponse> {
    const page = await this.get(path);
    if (page.status !== 200) throw new Error(`GET ${path} answered ${page.status}; there is no form to submit`);
    return this.post(path, form, options);
  }

  /** Asks for a token for unsafe requests; a login makes earlier ones worthless. */
  async renewToken(): Promise<void> {
    const answer = await this.get('/accounts/csrf/', { headers: { accept: 'application/json' } });
    if (answer.status === 200) this.csrfToken = answer.json<{ readonly token: string }>().token;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<TestResponse> {
    const response = await this.send(method, path, options);
    this.answered();
    this.cookies.store(response.headers['set-cookie'] ?? []);
    this.csrfToken = response.field('_csrf') ?? this.csrfToken;
    if (!options.follow || !REDIRECTS.includes(response.status) || !response.location) return response;
    const next = new URL(response.location, new URL(path, this.origin));
    const keepMethod = response.status === 307 || response.status === 308;
    return this.request(
      keepMethod ? method : 'GET',
      next.pathname + next.search,
      keepMethod ? options : { follow: true },
    );
  }

  private send(method: string, path: string, options: RequestOptions): Promise<TestResponse> {
    const body = encodeBody(options);
    const headers: Record<string, string> = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const cookie = this.cookies.header();
    if (cookie) headers.cookie = cookie;
    if (!SAFE_METHODS.includes(method)) Object.assign(headers, this.unsafeHeaders(options));
    if (body) Object.assign(headers, { 'content-type': body.type, 'content-length': String(body.content.length) });
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
    return exchange(new URL(this.origin), method, path, headers, body?.content);
  }

  private unsafeHeaders({ csrf = true }: RequestOptions): Record<string, string> {
    if (!csrf) return {};
    return { origin: this.origin, ...(this.csrfToken ? { 'x-csrf-token': this.csrfToken } : {}) };
  }
}

function encodeBody({ form, files, json, body, headers }: RequestOptions): EncodedBody | undefined {
  if (files) return encodeMultipart(form ?? {}, files);
  if (form) return encodeForm(form);
  if (json !== undefined) return { type: 'application/json', content: Buffer.from(JSON.stringify(json)) };
  if (body === undefined) return undefined;
  return { type: headers?.['content-type'] ?? 'application/octet-stream', content: Buffer.from(body) };
}

function exchange(
  origin: URL,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<TestResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: origin.hostname, port: origin.port, method, path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve(new TestResponse(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks), path)),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
