import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadPeer, MissingPeerError } from './peer.js';

let root: string;

/** Packages in a project of their own. Its files are below `node_modules`, so that Node itself imports them. */
const FILES: Readonly<Record<string, string>> = {
  'node_modules/project/package.json': '{ "type": "module" }',
  'node_modules/project/absent.js': "await import('mysql2');",
  'node_modules/project/absent-required.cjs': "require('mysql2');",
  'node_modules/project/absent-part.js': "await import('mysql2/promise');",
  'node_modules/project/scoped.js': "await import('@node-rs/argon2');",
  'node_modules/project/needs-more.js': "await import('pg');",
  'node_modules/pg/package.json': '{ "type": "module", "exports": { ".": "./index.js", "./gone": "./gone.js" } }',
  'node_modules/pg/index.js': "import 'pg-native';",
  'node_modules/project/lost-file.js': "await import('pg/gone');",
  'node_modules/project/breaks.js': "await import('redis');",
  'node_modules/redis/package.json': '{ "type": "module", "exports": "./index.js" }',
  'node_modules/redis/index.js': "throw Object.assign(new Error('redis needs Node 99'), { code: 'TOO_OLD' });",
  'node_modules/project/works.js': "await import('works');",
  'node_modules/works/package.json': '{ "type": "module", "exports": "./index.js" }',
  'node_modules/works/index.js': 'export const answer = 42;',
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'peers-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const load = (peer: string, file: string): Promise<unknown> =>
  loadPeer(
    peer,
    'The driver',
    () => import(/* @vite-ignore */ pathToFileURL(join(root, 'node_modules/project', file)).href),
  );
const failure = (peer: string, file: string): Promise<Error> =>
  load(peer, file).then(
    () => expect.fail('was loaded'),
    (error: Error) => error,
  );

describe('an optional peer', () => {
  it.each([
    ['mysql2', 'absent.js'],
    ['mysql2', 'absent-required.cjs'],
    ['mysql2', 'absent-part.js'],
    ['@node-rs/argon2', 'scoped.js'],
  ])('%s that is absent gives the exact command that installs it (%s)', async (peer, file) => {
    const error = await failure(peer, file);
    expect(error).toBeInstanceOf(MissingPeerError);
    expect(error).toMatchObject({
      code: 'core.missing_peer',
      message: `The driver needs the package "${peer}", which is not installed`,
      hint: `npm install ${peer}`,
    });
    expect(error.cause).toMatchObject({ code: expect.stringMatching(/MODULE_NOT_FOUND$/) as string });
  });

  it.each([
    ['pg', 'needs-more.js', /pg-native/],
    ['pg', 'lost-file.js', /gone\.js/],
    ['redis', 'breaks.js', /redis needs Node 99/],
  ])('%s that is there and breaks keeps its own error (%s)', async (peer, file, message) => {
    const error = await failure(peer, file);
    expect(error).not.toBeInstanceOf(MissingPeerError);
    expect(error.message).toMatch(message);
  });

  it('that is there is given', async () => {
    await expect(loadPeer('vitest', 'A test', () => import('vitest'))).resolves.toHaveProperty('expect');
    await expect(load('works', 'works.js')).resolves.toBeDefined();
  });
});
