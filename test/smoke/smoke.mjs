// Runs the built demo as an operator would, with the Node that runs this file: migrate, make a superuser, serve, log in, look around,
// stop. Exits with 1 at the first thing that is wrong.
import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TestClient } from '../../packages/bowerbird/dist/bundle/testing.js';

const MAIN = fileURLToPath(new URL('../../apps/demo/dist/main.js', import.meta.url));
const PASSWORD = 'correct-horse-battery-staple';
const folder = mkdtempSync(join(tmpdir(), 'bowerbird-smoke-'));
const env = {
  ...process.env,
  NODE_ENV: 'development',
  SECRET_KEY: 'smoke-secret-key-that-is-long-enough-for-every-check-0123456789',
  DATABASE_URL: process.env.SMOKE_DATABASE_URL ?? `sqlite:${join(folder, 'smoke.sqlite3')}`,
  HOST: '127.0.0.1',
  PORT: '0',
};

let passed = 0;
async function fact(text, check) {
  await check();
  passed += 1;
  console.log(`ok ${passed} ${text}`);
}

function manage(...args) {
  return spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8', input: PASSWORD });
}

function serve() {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [MAIN], { env });
    let output = '';
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /Listening on (http:\/\/[\w.:[\]]+)/.exec(output)?.[1];
      if (url) resolve({ server, origin: url });
    });
    server.stderr.on('data', (chunk) => (output += chunk));
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
}

console.log(`Node ${process.version}`);
try {
  await fact('migrations are applied', () => assert.equal(manage('migrate').status, 0));
  await fact('the entities agree with the migrations', () =>
    assert.equal(manage('makemigrations', '--check').status, 0),
  );
  await fact('the blog is filled', () => assert.equal(manage('seedblog').status, 0));
  await fact('a superuser is made', () =>
    assert.equal(manage('createsuperuser', '--email', 'smoke@example.com', '--password-stdin').status, 0),
  );
  await fact('the checks find no error', () => assert.equal(manage('check').status, 0));
  await fact('an unknown verb exits with 2', () => assert.equal(manage('migarte').status, 2));

  const { server, origin } = await serve();
  const visitor = new TestClient(origin);
  await fact('the server is alive and ready', async () => {
    assert.equal((await visitor.get('/health/live')).status, 200);
    assert.equal((await visitor.get('/health/ready')).status, 200);
  });
  await fact('a stranger is sent to the login', async () => assert.equal((await visitor.get('/admin/')).status, 303));
  await fact('the superuser logs in and sees the posts', async () => {
    const login = await visitor.submit('/accounts/login/', { email: 'smoke@example.com', password: PASSWORD });
    assert.equal(login.status, 303);
    const page = await visitor.get('/admin/blog/post/');
    assert.equal(page.status, 200);
    assert.match(page.text, /Why capital cities move/);
    const style = /href="(\/static\/admin\/[^"]+\.css)"/.exec(page.text)?.[1];
    assert.equal((await visitor.get(style)).status, 200);
  });
  await fact('the server stops cleanly', async () => {
    const code = new Promise((resolve) => server.once('exit', resolve));
    server.removeAllListeners('error');
    server.kill('SIGTERM');
    assert.equal(await code, 0);
  });
  console.log(`\n${passed} passed, 0 failed`);
} catch (error) {
  console.error(error);
  console.log(`\n${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
