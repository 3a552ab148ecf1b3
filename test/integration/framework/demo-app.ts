import { connect } from 'node:net';

import { AtlasModule, City, CityKind, Country, Region } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { type LoggerService } from '@nestjs/common';
import { type FrameworkSettings } from 'bowerbird';
import { authDrivers } from 'bowerbird/auth';
import { createTestApp, type TestApp, type TestAppOptions, type TestResponse } from 'bowerbird/testing';
import { expect } from 'vitest';

/** In no answer may this be found. */
export const SECRET = 'the-secret-key-of-a-production-application-0123456789-abcdef';

/** What the application wrote to its log. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];
  log(): void {}
  warn = (message: unknown): void => void this.lines.push(`warn ${String(message)}`);
  error = (message: unknown): void => void this.lines.push(`error ${String(message)}`);
}

/** The demo's apps as they run in production. */
export function bootDemo(settings: Partial<FrameworkSettings> = {}, options: TestAppOptions = {}): Promise<TestApp> {
  return createTestApp(
    {
      apps: [AtlasModule, BlogModule],
      secretKey: SECRET,
      production: true,
      // The tests speak plain http.
      sessions: { cookie: { secure: false } },
      // Dozens of logins; how hard passwords are to guess is tested elsewhere.
      auth: { hashers: [authDrivers.scrypt({ ln: 10, p: 1 })] },
      ...settings,
      http: { allowedHosts: ['127.0.0.1'], ...settings.http },
    },
    options,
  );
}

/** A country with the given two letters; everything else is made up. */
export function country(code: string, values: Partial<Country> = {}): Country {
  return Object.assign(new Country(), {
    code,
    code3: `${code}X`.slice(0, 3),
    name: `Country ${code}`,
    officialName: `The Country of ${code}`,
    region: Region.Europe,
    area: '1.00',
    latitude: 0,
    longitude: 0,
    independent: null,
    ...values,
  });
}

export function city(name: string, place: Country, values: Partial<City> = {}): City {
  return Object.assign(new City(), { name, country: place, kind: CityKind.Town, latitude: 0, longitude: 0, ...values });
}

/** What only somebody inside may see: stack traces, statements, file paths, secrets. */
const INSIDE = [
  /\bat [\w.<>]+ \(|\.(ts|js|mjs):\d+/,
  /node_modules|node:internal/,
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b [\s\S]{0,80}["`]/,
  /QueryFailed|SQLITE_|ER_[A-Z]{4}|DriverError|TypeORM/,
  new RegExp(process.cwd().replaceAll('/', '\\/')),
  new RegExp(SECRET),
];

/** Fails when an answer tells what it must not; gives the answer back. */
export function sealed(response: TestResponse): TestResponse {
  const told = `${response.text}\n${JSON.stringify(response.headers)}`;
  for (const pattern of INSIDE) expect(told).not.toMatch(pattern);
  if (response.status >= 500)
    expect.fail(`${response.url} answered ${response.status}: ${response.text.slice(0, 300)}`);
  return response;
}

/** Sends bytes as they are and returns what came back until the connection ended. */
export function rawRequest(origin: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => void socket.write(bytes));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
