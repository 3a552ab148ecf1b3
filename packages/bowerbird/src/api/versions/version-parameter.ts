import { type ParameterReader } from '../filters/parameters.js';
import { type VersionsConfig } from './versions.options.js';

/** The parameter of addresses that names the version, where it is one. */
export function versionParameter(config: VersionsConfig | null): ParameterReader {
  if (config?.by !== 'query') return { parameters: [] };
  const { name, known } = config;
  return { parameters: [{ name, description: 'The version of the API.', schema: { type: 'string', enum: known } }] };
}
