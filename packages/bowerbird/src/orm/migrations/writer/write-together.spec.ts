import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { MigrationFolder } from './migration-folder.js';
import { writeTogether } from './write-together.js';

const folderAt = (path: string): MigrationFolder =>
  MigrationFolder.of({
    name: 'shop',
    label: 'Shop',
    module: class {},
    entities: [],
    migrations: { url: pathToFileURL(`${path}/`) },
    database: 'default',
  })!;

describe('files of several apps', () => {
  it('are all written, or none and no folder for them', async () => {
    const root = mkdtempSync(join(tmpdir(), 'together-'));
    writeFileSync(join(root, 'file'), '');
    const [shop, blog, broken] = ['new/shop', 'new/blog', 'file/blog'].map((name) => folderAt(join(root, name)));
    const file = (folder: MigrationFolder) => ({ folder, name: '0001_initial', source: 'text' });
    await expect(writeTogether([file(shop!), file(blog!), file(broken!)])).rejects.toMatchObject({
      code: 'core.command',
      message: expect.stringContaining('cannot be written: ENOTDIR'),
    });
    expect(readdirSync(root)).toEqual(['file']);
    expect(await writeTogether([file(shop!), file(blog!)])).toEqual([
      join(root, 'new/shop/0001_initial.ts'),
      join(root, 'new/blog/0001_initial.ts'),
    ]);
    await expect(writeTogether([file(shop!)])).rejects.toThrow('it exists already');
    expect(existsSync(join(root, 'new/shop/0001_initial.ts'))).toBe(true);
  });
});
