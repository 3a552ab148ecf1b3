import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { Injectable, Module } from '@nestjs/common';
import { App, onCommit } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp } from 'bowerbird/testing';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { clientCommand } from '../../../packages/bowerbird/src/orm/shell/client-command.js';
import { runRepl } from '../../../packages/bowerbird/src/orm/shell/repl-session.js';
import { createDatabase, DIALECTS } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';

@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'varchar', length: 40, unique: true }) text: string;
  @Column({ type: 'datetime', nullable: true }) at: Date | null;
}

/** A name that JavaScript has already. */
@Entity({ name: 'error_note' })
class Error extends Note {}

@Injectable()
class Greeter {
  readonly committed: string[] = [];

  greet(): string {
    return 'hello';
  }

  async later(text: string): Promise<void> {
    await onCommit(() => this.committed.push(text));
  }
}

@App({ name: 'notes', entities: [Note, Error], migrations: false })
@Module({ providers: [Greeter] })
class NotesModule {}

const SCRIPT = fileURLToPath(new URL('./shell-process.ts', import.meta.url));

/** Runs a verb in a process of its own. */
async function manage(url: string, argv: readonly string[], input = '', env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...NODE_FLAGS, SCRIPT, url, ...argv], {
    env: { ...process.env, ...env },
  });
  const [out, err]: string[] = ['', ''];
  const printed = { out, err };
  child.stdout.on('data', (data: Buffer) => (printed.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed.err += data.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...printed };
}

describe.each(DIALECTS)('shells on %s', (dialect) => {
  let app: TestApp;
  let url: string;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createDatabase(dialect);
    url = database.url;
    drop = () => database.drop();
    app = await createTestApp({ apps: [NotesModule] }, { database });
  });
  afterAll(async () => {
    await app.close();
    await drop();
  });
  beforeEach(async () => {
    await app.objects(Note).delete();
  });

  const shell = async (command: string, options: object = {}) => {
    const io = new RecordingIo();
    await app.command('shell', { options: { command, ...options } }, io);
    return { out: io.output.join('\n'), err: io.errors.join('\n') };
  };

  it('run code with entities, query sets, providers and sql at hand', async () => {
    await shell(`
      const note = await objects(Note).create({ text: "a'b" });
      await db.save(Object.assign(new notes.Note(), { text: 'c', at: new Date(0) }));
    `);
    expect((await shell('await objects(Note).count()')).out).toBe('2');
    expect((await shell(`objects(Note).orderBy('text').flat('text')`)).out).toBe(`[ "a'b", 'c' ]`);
    expect((await shell('sql`select text from note where text in ${["a\'b", "x"]}`')).out).toBe(`[ { text: "a'b" } ]`);
    expect((await shell('sql`select text from note where text = ${"x\' or 1=1 --"}`')).out).toBe('[]');
    expect((await shell('get("Greeter").greet()')).out).toBe('hello');
    expect((await shell('[typeof notes.Error, new Error("js").message]')).out).toBe(`[ 'function', 'js' ]`);
    expect((await shell('(await import("node:path")).sep')).out).toBe('/');
    await expect(shell('get("Greter")')).rejects.toThrow(/Did you mean "Greeter"/);
    await expect(shell('const = 1')).rejects.toThrow(SyntaxError);
    await expect(shell('await objects(Note).get({ text: "none" })')).rejects.toMatchObject({
      code: 'orm.does_not_exist',
    });
  });

  it('undo everything in a sandbox, also after errors, and run no callbacks', async () => {
    const { out } = await shell(
      `
      await objects(Note).create({ text: 'a' });
      await objects(Note).create({ text: 'a' }).catch(() => undefined);
      await atomic(() => objects(Note).create({ text: 'b' }));
      await get('Greeter').later('x');
      return await objects(Note).count();
    `,
      { sandbox: true },
    );
    expect(out).toBe('2');
    expect(await app.objects(Note).count()).toBe(0);
    expect(app.get(Greeter).committed).toEqual([]);
  });

  it('print statements when asked to', async () => {
    const { err } = await shell('await objects(Note).count()', { printSql: true });
    expect(err).toMatch(/^-- \d+\.\d ms\nSELECT COUNT/i);
  });

  it('read and print line by line', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let printed = '';
    let changed = (): void => undefined;
    output.on('data', (data: Buffer) => {
      printed += data.toString();
      changed();
    });
    const prompt = async (): Promise<string> => {
      while (!printed.endsWith('> ')) await new Promise<void>((resolve) => (changed = resolve));
      const answer = printed.slice(0, -2).trim();
      printed = '';
      return answer;
    };
    const names = new Map<string, unknown>([
      ['noted', app.objects(Note)],
      ['Note', Note],
    ]);
    const session = app.run(() => runRepl(names, { input, output, terminal: false }));
    const type = (line: string): Promise<string> => {
      input.write(`${line}\n`);
      return prompt();
    };
    await prompt();
    // What is declared stays global as long as the process lives.
    const row = `on_${dialect}`;
    expect(await type(`const ${row} = await noted.create({ text: "typed" }); ${row}.text`)).toBe(`'typed'`);
    expect(await type('noted.flat("text")')).toBe(`[ 'typed' ]`);
    expect(await type('await noted.create({ text: "typed" })')).toContain('Another Note has the same text');
    expect(await type('noted.filter({ text__nope: 1 })')).toContain('has no lookup "nope"');
    expect(await type('(new Note() instanceof Object) && new Date() instanceof Date')).toBe('true');
    input.end();
    await session;
    expect('noted' in globalThis).toBe(false);
  });

  it('start the client of the database with its connection', async () => {
    const sql = dialect === 'sqlite' ? ['select 40 + 2;'] : [dialect === 'postgres' ? '-c' : '-e', 'select 40 + 2'];
    const temporary = await mkdtemp(join(tmpdir(), 'client-'));
    const { code, out, err } = await manage(url, ['dbshell', '--', ...sql], '', { TMPDIR: temporary });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('42');
    expect((await readdir(temporary)).filter((name) => name.startsWith('bowerbird'))).toEqual([]);
    await rm(temporary, { recursive: true });
  });
});

describe('a shell', () => {
  it('runs what is piped in, and tells of errors by its exit code', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shell-'));
    const url = `sqlite:${folder}/db.sqlite3`;
    const { code, out } = await manage(url, ['shell'], 'for (const n of [1, 2]) console.log(n, Note.name);\n');
    expect([code, out]).toEqual([0, '1 Note\n2 Note\n']);
    const failed = await manage(url, ['shell', '-c', 'await objects(Note).count()']);
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('no such table')]);
    await rm(folder, { recursive: true });
  });

  it('is interactive on a terminal, and remembers its lines', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shell-'));
    const program = [process.execPath, ...NODE_FLAGS, SCRIPT, `sqlite:${folder}/db.sqlite3`].join(' ');
    const child = spawn('script', ['-qfec', `${program} shell`, '/dev/null'], {
      env: { ...process.env, HOME: folder, TERM: 'dumb' },
    });
    let seen = '';
    child.stdout.on('data', (data: Buffer) => {
      seen += data.toString();
    });
    while (!seen.includes('> ')) await once(child.stdout, 'data');
    child.stdin.write('await Promise.resolve(6) * 7\n');
    while (!seen.includes('42')) await once(child.stdout, 'data');
    child.stdin.write('.exit\n');
    await once(child, 'close');
    expect(seen).toContain('Bowerbird shell: db, databases, objects, sql, Q');
    expect(await readFile(join(folder, '.bowerbird_shell_history'), 'utf8')).toContain('await Promise.resolve(6) * 7');
    await rm(folder, { recursive: true });
  });
});

describe('the client of a database', () => {
  it('gets passwords by files alone', () => {
    const parts = (dialect: string, url: string, tls: object | null) =>
      ({ dialect, dataSource: { options: {} }, config: { url, tls, adopted: null } }) as never;
    const psql = clientCommand(
      parts('postgres', "postgres://me:p%3As'%5C@h:1/d?schema=s", { verify: true, ca: 'CA' }),
      '/t',
    );
    expect(psql).toEqual({
      programs: [
        {
          name: 'psql',
          args: [
            "host='h' port='1' user='me' dbname='d' passfile='/t/pgpass' options='-csearch_path=s' sslmode='verify-full' sslrootcert='/t/ca.pem'",
          ],
        },
      ],
      files: { pgpass: "*:*:*:*:p\\:s'\\\\\n", 'ca.pem': 'CA' },
    });
    const mysql = clientCommand(parts('mysql', 'mysql://me:a%22%5C@h/d', null), '/t');
    expect(mysql.programs.map(({ name, args }) => [name, ...args])).toEqual([
      ['mysql', '--defaults-extra-file=/t/client.cnf', 'd'],
      ['mariadb', '--defaults-extra-file=/t/client.cnf', 'd'],
    ]);
    expect(mysql.files['client.cnf']).toBe('[client]\nhost="h"\nport="3306"\nuser="me"\npassword="a"\\\\"\n');
    const memory = { dialect: 'sqlite', dataSource: { options: { database: ':memory:' } } } as never;
    expect(() => clientCommand(memory, '/t')).toThrow(/in memory/);
  });
});
