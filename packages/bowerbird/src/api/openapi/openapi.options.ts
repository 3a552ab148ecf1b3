import { type OptionReader } from '#core';

import { type ApiOptions } from '../api.options.js';
import { type OpenApiDocument, type OpenApiServer } from './openapi-document.js';

/** What the description of the API says of it as a whole. */
export interface OpenApiOptions {
  /** `API` unless said. */
  readonly title?: string;
  /** Version of the API; `1.0.0` unless said. */
  readonly version?: string;
  /** Markdown. */
  readonly description?: string;
  /** Where the API is reached; where the document comes from unless said. */
  readonly servers?: readonly OpenApiServer[];
  /** Adds what is written by hand: paths, schemas, examples. Returns the whole document. */
  readonly extend?: (document: OpenApiDocument) => OpenApiDocument;
}

/** Who may read the description of the API and the pages that show it. */
export type DocsAccess = 'public' | 'authenticated' | 'staff' | { readonly permissions: readonly string[] };

/** The pages that show the API. */
export interface DocsOptions {
  /** `staff` in production, otherwise `public`. */
  readonly access?: DocsAccess;
}

/** The description of the API with all defaults. */
export interface OpenApiConfig {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly servers: readonly OpenApiServer[];
  readonly extend: ((document: OpenApiDocument) => OpenApiDocument) | undefined;
}

/** The pages with all defaults. */
export interface DocsConfig {
  readonly access: DocsAccess;
}

/** Reads `settings.api.openapi`. */
export function readOpenApi(options: OptionReader<ApiOptions>): OpenApiConfig {
  const read = options.nested<OpenApiOptions>('openapi');
  const config = {
    title: read.string('title', 'API'),
    version: read.string('version', '1.0.0'),
    description: read.string('description', ''),
    servers: readServers(read),
    extend: readExtend(read),
  };
  read.finish();
  return config;
}

/** Reads `settings.api.docs`; null where there are no pages. */
export function readDocs(options: OptionReader<ApiOptions>, production: boolean): DocsConfig | null {
  if (options.raw('docs') === false) return null;
  const read = options.nested<DocsOptions>('docs');
  const access = readAccess(read, production ? 'staff' : 'public');
  read.finish();
  return { access };
}

function readServers(read: OptionReader<OpenApiOptions>): readonly OpenApiServer[] {
  const value: unknown = read.raw('servers') ?? [];
  const valid =
    Array.isArray(value) && value.every((server: Partial<OpenApiServer>) => typeof server?.url === 'string');
  if (valid) return value as OpenApiServer[];
  return read.fail('core.E002', 'servers', value, 'a list of servers', "Write [{ url: 'https://example.com' }]", []);
}

function readExtend(read: OptionReader<OpenApiOptions>): OpenApiConfig['extend'] {
  const value: unknown = read.raw('extend');
  if (value === undefined || typeof value === 'function') return value as OpenApiConfig['extend'];
  return read.fail('core.E002', 'extend', value, 'a function', 'Write (document) => ({ ...document })', undefined);
}

function readAccess(read: OptionReader<DocsOptions>, fallback: DocsAccess): DocsAccess {
  const value: unknown = read.raw('access') ?? fallback;
  if (value === 'public' || value === 'authenticated' || value === 'staff') return value;
  const permissions = (value as { readonly permissions?: unknown } | null)?.permissions;
  if (Array.isArray(permissions) && permissions.every((name) => typeof name === 'string'))
    return value as { readonly permissions: readonly string[] };
  const hint = "Write 'public', 'authenticated', 'staff' or { permissions: ['blog.view_post'] }";
  return read.fail('core.E002', 'access', value, 'who may read the docs', hint, 'staff');
}
