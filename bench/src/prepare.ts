import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TestClient } from 'bowerbird/testing';
import { Client } from 'pg';

export const SECRET = 'bench-secret-key-that-is-long-enough-for-every-check-0123456789';
const ADMIN = { email: 'admin@example.com', password: 'correct-horse-battery-staple' } as const;
const MAIN = fileURLToPath(new URL('../../apps/demo/dist/main.js', import.meta.url));

/** A database with the atlas and a superuser in it. */
export interface BenchDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** A SQLite file with all cities. */
export function sqliteAtlas(): BenchDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-bench-'));
  const url = `sqlite:${join(folder, 'bench.sqlite3')}`;
  manage(url, ['migrate'], ['loadatlas'], ['createsuperuser', '--email', ADMIN.email, '--password-stdin']);
  return { url, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

/** A PostgreSQL database with the given number of made-up cities. */
export async function postgresCities(server: string, rows: number): Promise<BenchDatabase> {
  const name = `bowerbird_bench_${rows}_${process.pid}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await query(server, `create database ${name}`);
  manage(url.href, ['migrate'], ['createsuperuser', '--email', ADMIN.email, '--password-stdin']);
  await query(url.href, MAKE_COUNTRIES, MAKE_CITIES(rows), 'vacuum analyze atlas_city');
  return { url: url.href, remove: () => query(server, `drop database ${name} with (force)`) };
}

/** The `Cookie` header of a logged-in superuser. */
export async function logIn(origin: string): Promise<string> {
  const client = new TestClient(origin.replace('[::1]', '127.0.0.1'));
  const { status } = await client.submit('/accounts/login/', { ...ADMIN });
  if (status !== 303) throw new Error(`Logging in answered ${status}`);
  return client.cookies.header()!;
}

const MAKE_COUNTRIES = `insert into atlas_country (code, code3, name, "officialName", region, area, latitude, longitude)
  select chr(65 + i / 26) || chr(65 + i % 26), 'X' || chr(65 + i / 26) || chr(65 + i % 26), 'Country ' || i, 'Country ' || i, 'Europe', 1, 0, 0
  from generate_series(0, 199) i`;
const MAKE_CITIES = (
  rows: number,
) => `insert into atlas_city (name, "asciiName", "countryCode", kind, population, latitude, longitude)
  select 'City ' || i, 'City ' || i, chr(65 + (i % 200) / 26) || chr(65 + (i % 200) % 26), 'town', (i::bigint * 7919 % 10000019)::int, 0, 0
  from generate_series(1, ${rows}) i`;

async function query(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function manage(database: string, ...commands: string[][]): void {
  for (const command of commands) {
    const { status, stderr } = spawnSync('node', [MAIN, ...command], {
      env: { ...process.env, NODE_ENV: 'development', SECRET_KEY: SECRET, DATABASE_URL: database },
      input: ADMIN.password,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  }
}
