import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Author, openMagazine } from './magazine.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What a program does with the client; it prints what it has seen. */
const PROGRAM = `
import { createClient } from './api/client/index.js';
import { articlesCreate, articlesDestroy, articlesList, articlesPartialUpdate, articlesRetrieve } from './api/sdk.gen.js';
import type { Article, ArticleCreate } from './api/types.gen.js';

declare const process: { readonly argv: readonly string[] };
const [baseUrl = '', cookie = '', author = ''] = process.argv.slice(2);
const answer = await fetch(baseUrl + '/accounts/csrf/', { headers: { cookie, accept: 'application/json' } });
const { token } = (await answer.json()) as { token: string };
const client = createClient({ baseUrl, headers: { cookie, 'x-csrf-token': token, origin: baseUrl } });
const body: ArticleCreate = { title: 'Typed', author: Number(author) };

const made = await articlesCreate({ client, body, throwOnError: true });
if (Array.isArray(made.data) || made.data === undefined) throw new Error('one row was expected');
const { id }: Article = made.data;
await articlesPartialUpdate({ client, path: { key: id }, body: { rank: 7 }, throwOnError: true });
const { data: shown } = await articlesRetrieve({ client, path: { key: id }, throwOnError: true });
const { data: page } = await articlesList({ client, query: { rank__in: [6, 7], ordering: ['-rank'] }, throwOnError: true });
await articlesDestroy({ client, path: { key: id }, throwOnError: true });
const gone = await articlesRetrieve({ client, path: { key: id } });
// @ts-expect-error no such field
void (() => articlesCreate({ client, body: { titel: 'Typed', author: 1 } }));
// @ts-expect-error not a number
void (() => articlesList({ client, query: { rank__gt: 'high' } }));
console.log(JSON.stringify({ shown, count: page.count, gone: gone.response?.status, code: gone.error?.code }));
`;

describe('the generated client', () => {
  let app: TestApp;
  let folder: string;

  beforeAll(async () => {
    app = await openMagazine();
    folder = mkdtempSync(join(tmpdir(), 'client-'));
    expect(await app.command('client', { options: { output: join(folder, 'api') } })).toBe(0);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const compile = () => {
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck', '--target', 'es2023'];
    const modules = ['--module', 'nodenext', '--lib', 'es2023,dom,dom.iterable', '--outDir', 'dist', '--rootDir', '.'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    return spawnSync('node', [tsc, ...strict, ...modules, 'program.ts'], { cwd: folder, encoding: 'utf8' });
  };

  it('compiles strictly, refuses mistakes, and makes, changes, finds and deletes rows', async () => {
    const compiled = compile();
    expect([compiled.stdout, compiled.status]).toEqual(['', 0]);
    const admin = await app.login();
    const author = await app.create(Author, { name: 'Ada', email: 'ada@example.com' });
    const args = [app.origin, admin.cookies.header()!, String(author.id)];
    const program = spawn('node', [join(folder, 'dist/program.js'), ...args]);
    const [out, failed] = await Promise.all([textOf(program.stdout), textOf(program.stderr)]);
    expect(failed).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      shown: { title: 'Typed', rank: 7, author: author.id },
      count: 1,
      gone: 404,
      code: 'http.not_found',
    });
  }, 60_000);

  it('deletes no files of others', async () => {
    const other = join(folder, 'dist');
    await expect(app.command('client', { options: { output: other } })).rejects.toThrow('would be deleted');
    expect(existsSync(other)).toBe(true);
    expect(await app.command('client', { options: { output: join(folder, 'api') } })).toBe(0);
  });
});

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
