import { OptionReader, type SettingsProblems } from '#core';

/** Settings of the API. */
export interface ApiOptions {
  /** Path below which all viewsets lie: `api`. Empty for the root of the server. */
  readonly prefix?: string;
}

/** The settings of the API with all defaults. */
export class ApiConfig {
  constructor(
    /** Without slashes around it. */
    readonly prefix: string,
  ) {}
}

/** Fills the defaults in and reports what is wrong. */
export function resolveApi(options: ApiOptions = {}, problems: SettingsProblems): ApiConfig {
  const read = new OptionReader<ApiOptions>('settings.api', options, problems);
  const prefix = read.string('prefix', 'api').replaceAll(/^\/+|\/+$/g, '');
  read.finish();
  return new ApiConfig(prefix);
}
