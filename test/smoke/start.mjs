// Runs the README's first command, `npm start`, on an empty database and once more on the filled one: it must end with the
// address, the login and the password, and they must work.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TestClient } from '../../packages/bowerbird/dist/bundle/testing.js';

const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bowerbird-start-'));
const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'demo.sqlite3')}`, HOST: '127.0.0.1', PORT: '0' };

/** Starts, waits until `last` is printed, uses it, and stops as Ctrl-C does. Returns what was printed. */
async function start(last, use) {
  const demo = spawn(process.execPath, [START], { env });
  let output = '';
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  await new Promise((resolve, reject) => {
    demo.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
    for (const stream of [demo.stdout, demo.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (last.test(output)) resolve();
      });
  });
  await use(output);
  demo.kill('SIGINT');
  assert.equal(await ended, 0, output);
  return output;
}

try {
  let login;
  await start(/^ +Password +\S+ .*\n/m, async (output) => {
    const told = (what) => new RegExp(`^ +${what} +(\\S+)`, 'm').exec(output)?.[1];
    login = { email: told('Log in as'), password: told('Password') };
    const visitor = new TestClient(new URL(told('Admin')).origin);
    assert.equal((await visitor.submit('/accounts/login/', login)).status, 303);
    const cities = await visitor.get('/admin/atlas/city/?q=Z%C3%BCrich&count=exact');
    assert.equal(cities.status, 200);
    assert.match(cities.text, /Zürich/);
    assert.match((await visitor.get('/admin/blog/post/')).text, /Why capital cities move/);
  });
  console.log('ok 1 npm start prints an address, a login and a password that work');
  const again = await start(/^ +Log in with the account that was made before/m, async (output) => {
    const visitor = new TestClient(new URL(/^ +Admin +(\S+)/m.exec(output)[1]).origin);
    assert.equal((await visitor.submit('/accounts/login/', login)).status, 303);
  });
  assert.doesNotMatch(again, /Password +\S+/);
  console.log('ok 2 npm start keeps data and account the second time');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
