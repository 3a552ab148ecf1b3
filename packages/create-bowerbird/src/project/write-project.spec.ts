import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findTarget } from './target.js';
import { writeProject } from './write-project.js';

const FILES = [
  { path: '.env', text: 'SECRET_KEY=x\n', mode: 0o600 },
  { path: 'src/main.ts', text: 'main\n' },
];
/** The second file cannot be written: its folder is a file. */
const IMPOSSIBLE = [...FILES, { path: 'src/main.ts/more.ts', text: '' }];

let here: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'write-project-'));
});
afterEach(() => rmSync(here, { recursive: true }));

describe('writeProject', () => {
  it('makes the folder with all files, secrets for their owner alone, and leaves nothing beside it', () => {
    writeProject(findTarget('shop', here), FILES);
    expect(readdirSync(here)).toEqual(['shop']);
    expect(readFileSync(join(here, 'shop/src/main.ts'), 'utf8')).toBe('main\n');
    expect(statSync(join(here, 'shop/.env')).mode & 0o777).toBe(0o600);
  });

  it('fills an empty folder, and one that is nothing but a repository', () => {
    mkdirSync(join(here, 'shop/.git'), { recursive: true });
    writeProject(findTarget('shop', here), FILES);
    expect(readdirSync(join(here, 'shop')).sort()).toEqual(['.env', '.git', 'src']);
  });

  it('leaves nothing when it fails', () => {
    expect(() => writeProject(findTarget('shop', here), IMPOSSIBLE)).toThrow();
    expect(readdirSync(here)).toEqual([]);
    mkdirSync(join(here, 'shop'));
    expect(() => writeProject(findTarget('shop', here), IMPOSSIBLE)).toThrow();
    expect(readdirSync(join(here, 'shop'))).toEqual([]);
  });

  it('leaves what was there when the folder is filled meanwhile', () => {
    const target = findTarget('shop', here);
    mkdirSync(join(here, 'shop'));
    writeFileSync(join(here, 'shop/mine.txt'), 'mine');
    expect(() => writeProject(target, FILES)).toThrow();
    expect(readdirSync(here)).toEqual(['shop']);
    expect(readdirSync(join(here, 'shop'))).toEqual(['mine.txt']);
  });
});

describe('findTarget', () => {
  it('takes the working folder for a dot, with its name', () => {
    const folder = join(here, 'Shop');
    mkdirSync(folder);
    expect(findTarget('.', folder)).toEqual({ name: 'shop', folder, exists: true });
  });

  it('leaves the scope out of the name of the folder', () => {
    expect(findTarget('@acme/shop', here)).toEqual({ name: '@acme/shop', folder: join(here, 'shop'), exists: false });
  });

  it.each([
    ['a folder that is not empty', () => writeFileSync(join(here, 'shop/a.txt'), ''), 'is not empty: it has a.txt'],
    ['a hidden file', () => writeFileSync(join(here, 'shop/.env'), ''), 'is not empty: it has .env'],
  ])('refuses %s', (_what, fill, message) => {
    mkdirSync(join(here, 'shop'));
    fill();
    expect(() => findTarget('shop', here)).toThrow(message);
  });

  it('refuses what is no folder, and links to folders', () => {
    writeFileSync(join(here, 'file'), '');
    symlinkSync(tmpdir(), join(here, 'link'));
    expect(() => findTarget('file', here)).toThrow('is not a folder');
    expect(() => findTarget('link', here)).toThrow('is not a folder');
  });
});
