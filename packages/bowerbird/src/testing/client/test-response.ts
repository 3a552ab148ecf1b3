import { type IncomingHttpHeaders } from 'node:http';

/** What the server answered. */
export class TestResponse {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly body: Buffer,
    /** Path and query of the request that got this answer, after redirects. */
    readonly url: string,
  ) {}

  get text(): string {
    return this.body.toString('utf8');
  }

  /** The body as JSON. @throws SyntaxError when it is none */
  json<T = unknown>(): T {
    return JSON.parse(this.text) as T;
  }

  /** A single header. */
  header(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Where a redirect points. */
  get location(): string | undefined {
    return this.header('location');
  }

  /** The value of the first form field with this name in the page. */
  field(name: string): string | undefined {
    const input = new RegExp(`<input[^>]*name="${escapePattern(name)}"[^>]*>`).exec(this.text)?.[0];
    const value = input && /\bvalue="([^"]*)"/.exec(input)?.[1];
    return value === undefined ? undefined : decodeEntities(value);
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#39': "'",
  '#x3D': '=',
  '#x60': '`',
};

function decodeEntities(text: string): string {
  return text.replace(/&([#\w]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
