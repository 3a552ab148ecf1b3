import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TEST_PASSWORD, TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildPackage, install, makeFolder } from '../../support/projects/installed-package.js';
import { blocksOf, type Block } from './markdown.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tutorial-')));
const project = join(folder, 'bookshop');

/** What the reader does, step by step; answers of commands are kept by the line of the page. */
class Reader {
  private bowerbird = '';
  private server: ChildProcess | undefined;

  prepare(): void {
    this.bowerbird = buildPackage();
  }

  /** Does what a block says and returns what the terminal showed. */
  async follow(block: Block): Promise<string> {
    const file = block.marks.find((mark) => mark.startsWith('file='))?.slice(5);
    if (file !== undefined) return this.write(join(project, file), block.code);
    if (block.language !== 'sh' || block.marks.includes('manual')) return '';
    if (block.marks.includes('install')) return this.install();
    if (block.code.trim() === 'npm start') return this.serve();
    return this.shell(block);
  }

  /** Ends a server that a failed step has left behind. */
  leave(): void {
    this.server?.kill('SIGKILL');
  }

  private write(path: string, code: string): string {
    makeFolder(path);
    writeFileSync(path, code);
    return '';
  }

  private install(): string {
    install(project, this.bowerbird);
    return '';
  }

  private shell({ code, line }: Block): string {
    // Nobody sits at the terminal: the password comes from standard input.
    const script = code.replace(/^(npm run manage createsuperuser .*)$/m, '$1 --password-stdin');
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', script], {
      cwd: existsSync(project) ? project : folder,
      encoding: 'utf8',
      input: `${TEST_PASSWORD}\n`,
      timeout: 180_000,
      env: environment(),
    });
    const shown = `${stdout}${stderr}`;
    expect(status, `line ${line}: ${code}\n${shown}`).toBe(0);
    return shown;
  }

  /** Starts the server, looks at it as the text asks, and stops it. Returns the pages that were seen. */
  private async serve(): Promise<string> {
    this.shell({ code: 'npm run build', line: 0 } as Block);
    const server = spawn(process.execPath, ['dist/main.js'], { cwd: project, env: environment({ PORT: '0' }) });
    this.server = server;
    const ended = new Promise((resolve) => server.on('exit', resolve));
    const seen = await look(await addressOf(server.stdout));
    server.kill('SIGINT');
    expect(await ended).toBe(0);
    return seen;
  }
}

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|NODE_OPTIONS|VITEST.*)$/.test(name));
  return { ...Object.fromEntries(rest), NO_COLOR: '1', npm_config_update_notifier: 'false', ...more };
}

/** The address that a server writes when it listens. */
function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /Listening on (http:\/\/[\w.:]+)/.exec(text)?.[1];
      if (address) resolve(address);
    });
    output.on('end', () => reject(new Error(`The server ended: ${text}`)));
  });
}

/** Logs in, adds a book by the form, and looks at the list and at the home page. */
async function look(origin: string): Promise<string> {
  const client = new TestClient(origin);
  const login = await client.submit('/accounts/login/', { email: 'you@example.com', password: TEST_PASSWORD });
  expect(login.status).toBe(303);
  const wrong = await client.submit('/admin/books/book/add/', { title: '', price: '12,5x' });
  expect(wrong.status).toBe(422);
  const saved = await client.submit('/admin/books/book/add/', { title: 'Emma', price: '9.5', inStock: 'on' });
  expect(saved.status, saved.text).toBe(303);
  const list = await client.get('/admin/books/book/?q=emma');
  return `${list.text}\n${(await client.get('/')).text}`;
}

describe('the tutorial', () => {
  const reader = new Reader();
  const shown: string[] = [];

  beforeAll(() => reader.prepare(), 120_000);
  afterAll(() => {
    reader.leave();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does what it says, step by step', async () => {
    for (const block of blocksOf('docs/intro/tutorial.md')) shown.push(await reader.follow(block));
  }, 300_000);

  it('ends with a database that agrees with the entities', () => {
    expect(readdirSync(join(project, 'src/migrations/books'))).toHaveLength(2);
    expect(existsSync(join(project, 'var/db.sqlite3'))).toBe(true);
    const checks = shown.filter((text) => text.includes('orm.W021'));
    expect(checks).toHaveLength(1);
    expect(checks[0]).toContain('No problems found.');
  });

  it('ends with a shelf that shows the books', () => {
    const last = shown.findLast((text) => text.includes('<h1>In stock</h1>'));
    expect(last).toContain('<li>Emma: 9.50 €</li>');
  });

  it('ends with tests that pass', () => {
    expect(shown.some((text) => /Tests\s+3 passed/.test(text))).toBe(true);
  });
});
