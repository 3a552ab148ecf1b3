// `npm start`: builds, migrates, loads the demo's data when it is missing, makes a superuser when there is none, serves.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EMAIL = 'admin@example.com';
const root = fileURLToPath(new URL('../', import.meta.url));
const main = join(root, 'apps/demo/dist/main.js');
const env = { ...process.env, SECRET_KEY: process.env.SECRET_KEY || localSecret() };

step('Building', ['scripts/build.mjs']);
step('Migrating', [main, 'migrate']);
step('Loading the atlas', [main, 'loadatlas', '--if-empty']);
step('Filling the blog', [main, 'seedblog']);
const password = superuserPassword();
serve();

/** The password of the superuser that this run made; undefined where there was one. */
function superuserPassword() {
  console.log('\nLooking for a superuser');
  const options = ['--email', EMAIL, '--generate-password', '--if-none', '--no-input'];
  const output = run([main, 'createsuperuser', ...options], ['inherit', 'pipe', 'inherit']).stdout;
  const shown = /^Password: (.+)$/m.exec(output)?.[1];
  console.log(output.split('\n', 1)[0]);
  return shown;
}

/**
 * Serves, and says at the very end how to log in. The server is a process group of its own, so that a Ctrl-C reaches
 * it once: passed on from here.
 */
function serve() {
  console.log('\nStarting');
  const server = spawn('node', ['--enable-source-maps', main], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  server.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    if (output === null) return;
    output += chunk;
    const address = /Listening on (https?:\/\/[^\s,]+)/.exec(output)?.[1];
    if (!address) return;
    output = null;
    tellLogin(address);
  });
  let stopping = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // npm passes on what the terminal has sent to everybody.
      if (Date.now() - stopping < 300) return;
      stopping = Date.now();
      server.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  process.on('exit', () => server.kill('SIGKILL'));
  server.on('exit', (code) => {
    if (output !== null && password) tellLogin();
    process.exit(code ?? 1);
  });
}

function tellLogin(address) {
  const lines = password
    ? [`Log in as  ${EMAIL}`, `Password   ${password}   (shown this once)`]
    : [
        `Log in with the account that was made before; to set its password anew, stop and run`,
        `  node apps/demo/dist/main.js changepassword ${EMAIL}`,
      ];
  if (address) lines.unshift(`Home       ${address}/`, `Admin      ${address}/admin/`);
  console.log(`\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

function step(title, args) {
  console.log(`\n${title}`);
  run(args, 'inherit');
}

function run(args, stdio) {
  const result = spawnSync('node', args, { cwd: root, env, stdio, encoding: 'utf8' });
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result;
}

/** A key of this checkout's own, made once and readable by its owner alone. */
function localSecret() {
  const file = join(root, 'var/secret-key');
  if (!existsSync(file)) {
    mkdirSync(join(root, 'var'), { recursive: true });
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
