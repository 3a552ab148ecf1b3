import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { badHostPattern } from './hosts/host-pattern.js';
import {
  HttpConfig,
  type HttpConfigValues,
  type HttpOptions,
  type LimitOptions,
  type Limits,
  type ShutdownOptions,
  type StaticOptions,
} from './http.options.js';
import { badRange } from './proxy/address-ranges.js';

const MIB = 1024 * 1024;

/** Reads `settings.http`; every problem is reported, and a usable value takes its place. */
export function resolveHttp(
  options: HttpOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): HttpConfig {
  const reader = new OptionReader<HttpOptions>('settings.http', options, problems);
  const values: HttpConfigValues = {
    production: base.production,
    host: reader.string('host', '127.0.0.1'),
    port: reader.number('port', 8000, { min: 0, max: 65_535, integer: true }),
    trustedProxies: readProxies(reader),
    proxyHeaders: reader.choice('proxyHeaders', ['x-forwarded', 'forwarded'], 'x-forwarded'),
    allowedHosts: readHosts(reader),
    pipeline: reader.choice('pipeline', ['all', 'own'], 'all'),
    limits: readLimits(reader.nested<LimitOptions>('limits'), base),
    static: readStatic(reader.nested<StaticOptions>('static'), base),
    shutdown: readShutdown(reader.nested<ShutdownOptions>('shutdown')),
    health: reader.boolean('health', true),
  };
  reader.finish();
  return new HttpConfig(values);
}

function readProxies(reader: OptionReader<HttpOptions>): readonly string[] {
  const ranges = reader.strings('trustedProxies', []);
  for (const range of ranges.filter(badRange))
    reader.fail(
      'http.E001',
      'trustedProxies',
      range,
      'IP addresses and CIDR ranges',
      'Write "10.0.0.0/8" or "::1"',
      null,
    );
  return ranges.filter((range) => !badRange(range));
}

function readHosts(reader: OptionReader<HttpOptions>): readonly string[] {
  const hosts = reader.strings('allowedHosts', []);
  for (const host of hosts.filter(badHostPattern))
    reader.fail(
      'http.E002',
      'allowedHosts',
      host,
      'host names without protocol, port and path',
      'Write "example.com", ".example.com" (with subdomains) or "*"',
      null,
    );
  return hosts.filter((host) => !badHostPattern(host)).map((host) => host.toLowerCase());
}

function readLimits(reader: OptionReader<LimitOptions>, base: SettingsBase): Limits {
  const bytes = { min: 1, integer: true };
  const limits = {
    bodyBytes: reader.number('bodyBytes', MIB, bytes),
    multipartBytes: reader.number('multipartBytes', 32 * MIB, bytes),
    fileBytes: reader.number('fileBytes', 25 * MIB, bytes),
    files: reader.number('files', 20, { min: 0, integer: true }),
    fields: reader.number('fields', 1000, { min: 0, integer: true }),
    fieldBytes: reader.number('fieldBytes', MIB, bytes),
    jsonDepth: reader.number('jsonDepth', 64, { min: 1, max: 1000, integer: true }),
    temporaryDirectory: directoryPath(reader.raw('temporaryDirectory'), base),
  };
  reader.finish();
  return limits;
}

function directoryPath(given: string | URL | undefined, { root }: SettingsBase): string {
  return given === undefined ? tmpdir() : fileURLToPath(new URL(given, root));
}

function readStatic(reader: OptionReader<StaticOptions>, base: SettingsBase): HttpConfigValues['static'] {
  const pattern = /^\/(?:[\w.-]+\/)+$/;
  const values = {
    prefix: reader.string('prefix', '/static/', { pattern, expected: 'a path such as "/static/"' }),
    directories: readDirectories(reader).map((given) => directoryUrl(given, base)),
    hashed: reader.boolean('hashed', base.production),
  };
  reader.finish();
  return values;
}

function readDirectories(reader: OptionReader<StaticOptions>): readonly (string | URL)[] {
  const given = reader.raw('directories') as unknown;
  const valid = Array.isArray(given) && given.every((item) => typeof item === 'string' || item instanceof URL);
  if (given === undefined || valid) return given ?? [];
  return reader.fail('http.E009', 'directories', given, 'a list of paths or URLs', 'Write ["./static"]', []);
}

function directoryUrl(given: string | URL, { root }: SettingsBase): URL {
  const url = new URL(given, root);
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}

function readShutdown(reader: OptionReader<ShutdownOptions>): HttpConfigValues['shutdown'] {
  const values = {
    deadline: reader.duration('deadline', '20s', { max: '1h' }),
    delay: reader.duration('delay', '0s', { max: '10m' }),
  };
  reader.finish();
  return values;
}
