import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { readIdempotency, type IdempotencyConfig, type IdempotencyOptions } from './idempotency/idempotency.options.js';
import {
  readDocs,
  readOpenApi,
  type DocsConfig,
  type DocsOptions,
  type OpenApiConfig,
  type OpenApiOptions,
} from './openapi/openapi.options.js';
import { readVersions, type VersionsConfig, type VersionsOptions } from './versions/versions.options.js';

/** Settings of the API. */
export interface ApiOptions {
  /** Path below which all viewsets lie: `api`. Empty for the root of the server. */
  readonly prefix?: string;
  /** What the description of the API says of it as a whole. */
  readonly openapi?: OpenApiOptions;
  /** The description and the pages that show it; false for none. */
  readonly docs?: DocsOptions | false;
  /** How repeated requests are recognized; false where `Idempotency-Key` is ignored and nothing is kept. */
  readonly idempotency?: IdempotencyOptions | false;
  /** The versions of the API; it has none unless said. */
  readonly versions?: VersionsOptions;
}

/** The settings of the API with all defaults. */
export class ApiConfig {
  constructor(
    /** Without slashes around it. */
    readonly prefix: string,
    readonly openapi: OpenApiConfig,
    /** Null where nothing is shown. */
    readonly docs: DocsConfig | null,
    /** Null where keys are ignored. */
    readonly idempotency: IdempotencyConfig | null,
    /** Null where the API has no versions. */
    readonly versions: VersionsConfig | null,
  ) {}

  /** A path below that of the API, with a slash in front. */
  path(name: string): string {
    return this.prefix === '' ? `/${name}` : `/${this.prefix}/${name}`;
  }
}

/** Fills the defaults in and reports what is wrong. */
export function resolveApi(options: ApiOptions = {}, problems: SettingsProblems, base: SettingsBase): ApiConfig {
  const read = new OptionReader<ApiOptions>('settings.api', options, problems);
  const prefix = read.string('prefix', 'api').replaceAll(/^\/+|\/+$/g, '');
  const openapi = readOpenApi(read);
  const docs = readDocs(read, base.production);
  const idempotency = readIdempotency(read);
  const versions = readVersions(read);
  read.finish();
  return new ApiConfig(prefix, openapi, docs, idempotency, versions);
}
