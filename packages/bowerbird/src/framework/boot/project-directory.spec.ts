import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { projectDirectory } from './project-directory.js';
import { resolveSettings } from './resolve-settings.js';

describe('the directory of a project', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'project-')));
  const url = (path: string) => pathToFileURL(`${join(folder, path)}/`);

  beforeAll(() => {
    mkdirSync(join(folder, 'shop/dist/server'), { recursive: true });
    mkdirSync(join(folder, 'bare/dist'), { recursive: true });
    writeFileSync(join(folder, 'shop/package.json'), '{}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['shop', 'shop/dist', 'shop/dist/server'])('is found from %s', (root) => {
    expect(projectDirectory(url(root))).toEqual(url('shop'));
  });

  it('is the root itself where nothing says otherwise', () => {
    expect(projectDirectory(url('bare/dist'))).toEqual(url('bare/dist'));
  });

  it('holds the data, while code stays below the root', () => {
    const { areas } = resolveSettings(
      { secretKey: 'k'.repeat(60), root: url('shop/dist'), databases: { reports: 'sqlite:reports.sqlite3' } },
      new SettingsProblems(),
    );
    expect(areas.orm.databases.map(({ url: address }) => address)).toEqual([
      `sqlite:${folder}/shop/var/db.sqlite3`,
      `sqlite:${folder}/shop/reports.sqlite3`,
    ]);
    expect(areas.storage.root).toEqual(url('shop'));
    expect(areas.orm.root).toEqual(url('shop/dist'));
  });
});
