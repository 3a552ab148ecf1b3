import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Module } from '@nestjs/common';
import { FrameworkModule } from 'bowerbird';
import { Command, ManagementCommand } from 'bowerbird/core';
import { manage, SCAFFOLDING } from 'bowerbird/manage';
import { RecordingIo } from 'bowerbird/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const APP_MODULE = [
  "import { FrameworkModule } from 'bowerbird';",
  '',
  'export const framework = FrameworkModule.forRoot({ secretKey, apps: [] });',
  '',
].join('\n');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generators-'));
  write('package.json', '{ "name": "shop", "type": "module" }\n');
  write('src/app.module.ts', APP_MODULE);
});
afterEach(() => {
  process.exitCode = 0;
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const has = (path: string): boolean => existsSync(join(folder, path));

/** Runs a verb in a project whose application must not be asked. */
async function run(...argv: string[]): Promise<{ readonly code: number; readonly io: RecordingIo }> {
  const io = new RecordingIo();
  process.exitCode = 0;
  await manage(() => Promise.reject(new Error('the application was asked')), { argv, io, folder: join(folder, 'src') });
  return { code: Number(process.exitCode), io };
}

describe('a generator', () => {
  it('answers without the application', async () => {
    const { code, io } = await run('startapp', 'catalog');
    expect(io.errors).toEqual([]);
    expect(code).toBe(0);
    expect(io.output.map((line) => line.replace(/ \(\d+ bytes\)$/, ''))).toEqual([
      'CREATE src/catalog/catalog.module.ts',
      'CREATE test/catalog/catalog.module.spec.ts',
      'UPDATE src/app.module.ts',
      'Next: make:entity catalog Product title:string price:decimal',
    ]);
    expect(read('src/app.module.ts')).toContain('apps: [CatalogModule]');
    await run('make:entity', 'catalog', 'Product', 'title:string', 'price:decimal(8,2)');
    expect(read('src/catalog/product.entity.ts')).toContain("{ type: 'decimal', precision: 8, scale: 2 }");
    expect(read('src/catalog/catalog.module.ts')).toContain('entities: [Product]');
  });

  it('writes nothing when it is only asked what it would write', async () => {
    const { code, io } = await run('startapp', 'catalog', '--dry-run');
    expect(code).toBe(0);
    expect(io.output.at(-1)).toBe('Nothing was written.');
    expect(has('src/catalog')).toBe(false);
    expect(read('src/app.module.ts')).toBe(APP_MODULE);
  });

  it('takes its options', async () => {
    await run('startapp', 'catalog', '--label', 'What we sell', '--no-spec', '--skip-import', '--path', 'shop');
    expect(read('src/shop/catalog/catalog.module.ts')).toContain("label: 'What we sell'");
    expect(has('test')).toBe(false);
    expect(read('src/app.module.ts')).toBe(APP_MODULE);
    await run('make:job', 'catalog', 'cleanup-job', '--queue', 'slow', '--attempts', '8');
    const job = read('src/shop/catalog/cleanup.job.ts');
    expect(job).toContain("@Job({ name: 'catalog.cleanup', queue: 'slow', attempts: 8 })\nexport class CleanupJob ");
    const { io } = await run('make:job', 'catalog', 'mail', '--attempts', '0');
    expect(io.errors[0]).toContain('A job cannot be tried 0 times');
    await run('make:notification', 'catalog', 'sold-out-notification', '--channels', 'log');
    const notification = read('src/shop/catalog/sold-out.notification.ts');
    expect(notification).toContain("@Notification({ name: 'catalog.sold-out', channels: ['log'] })");
    expect([has('templates'), read('src/shop/catalog/catalog.module.ts').includes('templates')]).toEqual([
      false,
      false,
    ]);
    expect((await run('make:notification', 'catalog', 'sold', '--channels', 'pager')).io.errors[0]).toContain(
      '"pager"',
    );
    await run('make:middleware', 'catalog', 'timing', '--slot', '7');
    expect(read('src/shop/catalog/timing.middleware.ts')).toContain('slot: Slot.App + 7');
  });

  it('has nothing to do the second time', async () => {
    await run('startapp', 'catalog');
    expect((await run('startapp', 'catalog')).io.output).toEqual(['Nothing to do: all of it is there already.']);
  });

  it('tells its arguments', async () => {
    for (const argv of [
      ['make:entity', '--help'],
      ['help', 'make:entity'],
    ]) {
      const { code, io } = await run(...argv);
      expect(code).toBe(0);
      expect(io.output[0]).toContain('Usage: manage make:entity <app> <name> [fields...] [options]');
      expect(io.output[0]).toMatch(/--no-admin +Do not show it in the admin/);
    }
  });
});

describe('a generator that cannot go on', () => {
  it.each([
    ['the name is a path', ['startapp', '../catalog'], 1, '"../catalog" is a path, and no name for an app'],
    ['there is no such app', ['make:entity', 'catalog', 'Product'], 1, 'There is no app "catalog"'],
    ['the name is missing', ['make:entity', 'catalog'], 2, 'Missing: name'],
    ['there are too many words', ['startapp', 'catalog', 'blog'], 2, 'Too many words: 2 instead of 1'],
    ['an option is unknown', ['startapp', 'catalog', '--force'], 2, "Unknown option '--force'"],
    ['an option is no number', ['make:middleware', 'catalog', 'a', '--slot', 'x'], 2, '--slot takes a whole number'],
  ])('says so and writes nothing where %s', async (_, argv, status, message) => {
    const { code, io } = await run(...argv);
    expect(io.errors.join('\n')).toContain(message);
    expect(code).toBe(status);
    expect(has('src/catalog') || has('test')).toBe(false);
  });

  it('leaves no half of it behind when a file cannot be written', async () => {
    write('test', 'a file where the folder of tests should be');
    const { code, io } = await run('startapp', 'catalog');
    expect(code).toBe(1);
    expect(io.errors.join('\n')).toMatch(/ENOTDIR|EEXIST/);
    expect(has('src/catalog')).toBe(false);
    expect(read('src/app.module.ts')).toBe(APP_MODULE);
  });
});

describe('the list of commands', () => {
  it('refuses a command of the application that would never be asked', async () => {
    @Command({ name: 'startapp', description: 'Start the appliance' })
    class StartCommand extends ManagementCommand {
      async run(): Promise<void> {}
    }
    const framework = FrameworkModule.forRoot({ secretKey: 'x'.repeat(60), database: 'sqlite::memory:' });
    @Module({ imports: [framework], providers: [StartCommand] })
    class ShopModule {}
    const io = new RecordingIo();
    await manage(ShopModule, { argv: ['--help'], io });
    expect(io.errors.join('\n')).toContain('core.duplicate_command: Two commands are named "startapp"');
    expect(process.exitCode).toBe(1);
  });

  it('has the generators, and finds a misspelt one', async () => {
    @Module({ imports: [FrameworkModule.forRoot({ secretKey: 'x'.repeat(60), database: 'sqlite::memory:' })] })
    class ShopModule {}
    const io = new RecordingIo();
    await manage(ShopModule, { argv: ['--help'], io });
    for (const { name } of SCAFFOLDING) expect(io.output.join('\n')).toContain(name);
    await manage(ShopModule, { argv: ['make:entiy', 'catalog', 'Product'], io });
    expect(io.errors.join('\n')).toContain('Did you mean "make:entity"?');
    expect(process.exitCode).toBe(2);
  });
});
