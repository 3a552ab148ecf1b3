import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { Module, type Type } from '@nestjs/common';
import { App, environment, FrameworkModule, manage, type FrameworkSettings } from 'bowerbird';
import { Command, ManagementCommand } from 'bowerbird/core';
import { RecordingIo } from 'bowerbird/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

const KEY = 'a-secret-key-for-tests-that-is-long-enough-for-all-0123456789';

function application(settings: unknown): Type {
  @Module({ imports: [FrameworkModule.forRoot(settings as FrameworkSettings)] })
  class BrokenModule {}
  return BrokenModule;
}

async function run(module: Type, ...argv: string[]): Promise<{ code: number; io: RecordingIo }> {
  const io = new RecordingIo();
  process.exitCode = 0;
  await manage(module, { argv, io });
  return { code: Number(process.exitCode), io };
}

afterEach(() => {
  process.exitCode = 0;
});

const TEN_MISTAKES = {
  secretKey: '',
  production: 'yes',
  apps: 'shop',
  http: { port: 99_999, hots: '0.0.0.0', pipeline: 'mine' },
  sessions: { maxAge: '2 weeks' },
  security: { headers: { hsts: { maxAge: -1 } } },
  admin: { path: 'admin', perPage: 0 },
  databse: 'sqlite::memory:',
};

describe('a command', () => {
  it('has stdout for what it writes; warnings of the boot go elsewhere', async () => {
    const [out, err] = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockReturnValue(true),
    );
    const { code, io } = await run(
      application({ secretKey: KEY, production: false, database: 'sqlite::memory:' }),
      'about',
    );
    expect(code).toBe(0);
    expect(io.output.length).toBeGreaterThan(0);
    expect(out!.mock.calls).toEqual([]);
    expect(err!.mock.calls.join('')).toContain('framework.W001');
  });
});

describe('manage with broken settings', () => {
  it('reports every one of ten mistakes at once, each with a fix, and fails', async () => {
    const { code, io } = await run(application(TEN_MISTAKES));
    const report = io.errors.join('\n');
    expect(code).toBe(1);
    for (const place of [
      'secretKey',
      'production',
      'apps',
      'http.port',
      'http.hots',
      'http.pipeline',
      'sessions.maxAge',
      'admin.path',
      'admin.perPage',
      'databse',
    ])
      expect(report, place).toContain(`settings.${place}`);
    const findings = report.split('\n').filter((line) => line.startsWith('ERROR'));
    const fixes = report.split('\n').filter((line) => line.trim().startsWith('→'));
    expect(findings.length).toBeGreaterThanOrEqual(10);
    expect(fixes).toHaveLength(findings.length);
  });

  it('opens no port', async () => {
    const port = await freePort();
    await run(application({ secretKey: KEY, http: { port }, sessions: { maxAge: 'long' } }));
    await expect(isFree(port)).resolves.toBe(true);
  });

  it('says why it cannot listen', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, io } = await run(
      application({ secretKey: KEY, production: false, database: 'sqlite::memory:', http: { port } }),
    );
    server.close();
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toContain(
      `framework.cannot_listen: Cannot listen on 127.0.0.1:${port}: another process listens there`,
    );
  });

  it('prints the findings as JSON for check --json', async () => {
    const { code, io } = await run(application(TEN_MISTAKES), 'check', '--json');
    const report = JSON.parse(io.output.join('\n')) as { errors: number; findings: { id: string; at: string }[] };
    expect(code).toBe(1);
    expect(report.errors).toBeGreaterThanOrEqual(10);
    expect(report.findings.map(({ at }) => at)).toContain('settings.http.port');
  });

  it('never shows the secret key', async () => {
    const { io } = await run(application({ secretKey: KEY, secretKeyFallbacks: 42, http: { port: 'x' } }));
    expect(io.errors.join('\n')).not.toContain(KEY);
  });

  it('still answers --help, with every verb', async () => {
    const { code, io } = await run(application(TEN_MISTAKES), '--help');
    expect(code).toBe(0);
    for (const verb of ['serve', 'check', 'migrate', 'createsuperuser'])
      expect(io.output.join('\n'), verb).toMatch(new RegExp(`^\\s+${verb}\\b`, 'm'));
  });

  it('says that a verb is unknown before it says what is wrong with the settings', async () => {
    const { code, io } = await run(application(TEN_MISTAKES), 'migarte');
    expect(code).toBe(2);
    expect(io.errors.join('\n')).toContain('Did you mean "migrate"?');
    expect(io.errors.join('\n')).not.toContain('settings.');
    expect((await run(application(TEN_MISTAKES), 'about', '--jsno')).code).toBe(2);
  });

  it("knows the verbs of the application's own apps", async () => {
    @Command({ name: 'reprice', description: 'Raise all prices' })
    class Reprice extends ManagementCommand {
      async run(): Promise<void> {}
    }
    @App({ name: 'shop', entities: [] })
    @Module({ providers: [Reprice] })
    class ShopModule {}
    const { code, io } = await run(application({ secretKey: '', apps: [ShopModule] }), 'reprice');
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toContain('settings.secretKey');
  });

  it('reports the environment with the rest, every variable at once and none of their values', async () => {
    const env = environment({ NODE_ENV: 'production', PORT: 'hunter2', MAX_AGE: 'hunter2' });
    const { code, io } = await run(
      application({
        secretKey: env.secret('SECRET_KEY'),
        database: env.string('DATABASE_URL'),
        http: { port: env.port('PORT'), allowedHosts: env.list('ALLOWED_HOSTS'), hots: 'x' },
        sessions: { maxAge: env.duration('MAX_AGE') },
      }),
      'check',
    );
    const report = io.errors.join('\n');
    expect(code).toBe(1);
    for (const name of ['SECRET_KEY', 'DATABASE_URL', 'PORT', 'ALLOWED_HOSTS', 'MAX_AGE'])
      expect(report.split(`Environment variable ${name} is not`), name).toHaveLength(2);
    expect(report).toContain('settings.http.hots');
    expect(report).toContain('The settings have 6 problem(s)');
    expect(report).not.toContain('hunter2');
  });
});

describe('manage', () => {
  const settings = { secretKey: KEY, production: false, database: 'sqlite::memory:' };

  it('lists every verb with --help, without a database', async () => {
    const { code, io } = await run(
      application({ ...settings, database: 'postgres://nobody@127.0.0.1:1/none' }),
      '--help',
    );
    expect(code).toBe(0);
    for (const verb of [
      'serve',
      'check',
      'migrate',
      'makemigrations',
      'showmigrations',
      'createsuperuser',
      'changepassword',
      'clearsessions',
      'routes',
      'about',
    ])
      expect(io.output.join('\n'), verb).toMatch(new RegExp(`^\\s+${verb}\\b`, 'm'));
  });

  it.each([
    'check',
    'migrate',
    'makemigrations',
    'showmigrations',
    'createsuperuser',
    'changepassword',
    'clearsessions',
    'routes',
    'about',
    'serve',
  ])('%s has --help', async (verb) => {
    const { code, io } = await run(application(settings), verb, '--help');
    expect(code).toBe(0);
    expect(io.output.join('\n')).toContain(`manage ${verb}`);
  });

  it('exits with 2 and a suggestion on an unknown verb', async () => {
    const { code, io } = await run(application(settings), 'migarte');
    expect(code).toBe(2);
    expect(io.errors.join('\n')).toContain('Did you mean "migrate"?');
  });

  it('exits with 2 on an unknown option', async () => {
    const { code, io } = await run(application(settings), 'about', '--jsno');
    expect(code).toBe(2);
    expect(io.errors.join('\n')).toContain('--json');
  });

  it('names a dead database within seconds, without its password', async () => {
    const { code, io } = await run(
      application({ ...settings, database: 'postgres://app:hunter2@127.0.0.1:1/shop' }),
      'about',
    );
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toContain('127.0.0.1');
    expect(io.errors.join('\n')).not.toContain('hunter2');
  });

  it('lists the routes and the middleware', async () => {
    const routes = await run(application(settings), 'routes', '--json');
    const rows = JSON.parse(routes.io.output.join('\n')) as { path: string; access: string }[];
    expect(rows.find(({ path }) => path === '/accounts/login')).toMatchObject({ access: 'public' });
    const stack = await run(application(settings), 'routes', '--middleware');
    expect(stack.io.output.length).toBeGreaterThan(6);
  });

  it('tells what the application consists of and never a secret', async () => {
    const { io } = await run(application(settings), 'about', '--json');
    expect(JSON.parse(io.output.join('\n'))).toMatchObject({ production: false, databases: ['default: sqlite'] });
    expect(io.output.join('\n')).not.toContain(KEY);
  });

  it.each(['reprice', 'check'])('names both owners of the verb %s when two commands claim it', async (name) => {
    @Command({ name, description: 'One' })
    class First extends ManagementCommand {
      async run(): Promise<void> {}
    }
    @Command({ name, description: 'Two' })
    class Second extends ManagementCommand {
      async run(): Promise<void> {}
    }
    @App({ name: 'shop', entities: [] })
    @Module({ providers: name === 'check' ? [First] : [First, Second] })
    class ShopModule {}
    const { code, io } = await run(application({ ...settings, apps: [ShopModule] }), name);
    expect(code).toBe(1);
    const owners = name === 'check' ? 'First and CheckCommand' : 'First and Second';
    expect(io.errors.join('\n')).toBe(
      `core.duplicate_command: Two commands are named "${name}": ${owners}\n→ Rename one of them`,
    );
  });

  it('refuses a command that takes the verb of serving', async () => {
    @Command({ name: 'serve', description: 'Mine' })
    class Mine extends ManagementCommand {
      async run(): Promise<void> {}
    }
    @App({ name: 'shop', entities: [] })
    @Module({ providers: [Mine] })
    class ShopModule {}
    const { code, io } = await run(application({ ...settings, apps: [ShopModule] }), 'about');
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toContain('Two commands are named "serve": the command line itself and Mine');
  });

  it('refuses a module that does not import the framework', async () => {
    @Module({})
    class Bare {}
    const { code, io } = await run(Bare, 'check');
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toContain('framework.not_an_application');
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
