import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { type AppDescription } from '../../apps/app-registry.js';
import { MigrationFolder } from './migration-folder.js';

/** A project with these files, and the app whose migrations are in one of its folders. */
function appIn(folder: string, files: readonly string[]): { readonly app: AppDescription; readonly root: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'folder-')));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  const url = pathToFileURL(`${join(root, folder)}/`);
  return {
    app: { name: 'shop', label: 'Shop', module: class {}, entities: [], migrations: { url }, database: 'default' },
    root,
  };
}

describe('the folder of migrations', () => {
  it('is written where the sources are when the program runs compiled', async () => {
    const { app, root } = appIn('dist/migrations/shop', ['src/main.ts', 'dist/migrations/shop/other.js']);
    const folder = MigrationFolder.of(app)!;
    const path = join(root, 'src/migrations/shop/0001_initial.ts');
    expect(folder.added('0001_initial', 'text')).toEqual({ path, text: 'text', fresh: true });
    writeFileSync(join(root, 'dist/migrations/shop/0001_initial.js'), '');
    expect(await folder.replaced('0001_initial', 'other')).toEqual([
      { path, text: 'other' },
      { path: join(root, 'dist/migrations/shop/0001_initial.js'), text: null },
    ]);
  });

  it('is written where it is read when there are no sources, or none compiled', async () => {
    const compiled = appIn('dist/migrations/shop', ['dist/main.js']);
    expect(MigrationFolder.of(compiled.app)!.sources.pathname).toBe(`${compiled.root}/dist/migrations/shop/`);
    const source = appIn('src/migrations/shop', ['src/main.ts']);
    expect(MigrationFolder.of(source.app)!.sources.pathname).toBe(`${source.root}/src/migrations/shop/`);
  });

  it('tells what is not compiled, and what is compiled without a source', async () => {
    const files = ['src/migrations/shop/0001_a.ts', 'src/migrations/shop/0002_b.ts', 'dist/migrations/shop/0001_a.js'];
    const { app } = appIn('dist/migrations/shop', [
      ...files,
      'dist/migrations/shop/0001_a.d.ts',
      'dist/migrations/shop/0003_c.js',
    ]);
    expect(await MigrationFolder.of(app)!.differences()).toEqual({ unbuilt: ['0002_b'], stale: ['0003_c'] });
  });

  it('has a file that names the newest migration only where the app wants it and sources are', async () => {
    const pathIn = (folder: string, files: readonly string[], linear = true) => {
      const { app, root } = appIn(folder, files);
      const path = MigrationFolder.of({ ...app, migrations: { ...app.migrations!, linear } })!.latestPath();
      return path.then((found) => found?.replace(`${root}/`, '') ?? null);
    };
    const [source, compiled] = ['src/migrations/shop/0001_a.ts', 'dist/migrations/shop/0001_a.js'];
    expect(await pathIn('dist/migrations/shop', [source, compiled])).toBe('src/migrations/shop/latest.txt');
    expect(await pathIn('src/migrations/shop', [source])).toBe('src/migrations/shop/latest.txt');
    expect(await pathIn('src/migrations/shop', [source], false)).toBeNull();
    expect(await pathIn('dist/migrations/shop', [compiled])).toBeNull();
    expect(await pathIn('node_modules/some/migrations', ['node_modules/some/migrations/0001_a.js'])).toBeNull();
  });

  it('is not written in an installed package', () => {
    const { app } = appIn('node_modules/some-package/dist/migrations', ['node_modules/some-package/dist/index.js']);
    expect(MigrationFolder.of(app)!.writable).toBe(false);
    expect(MigrationFolder.of(app)!.door).toBe('bowerbird/orm');
  });
});
