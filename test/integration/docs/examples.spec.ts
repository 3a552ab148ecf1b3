import { mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { blocksOf, ROOT } from './markdown.js';
import { compile, typeErrors } from './type-checker.js';

const pages = ['README.md', ...['topics', 'howto', 'ref'].flatMap((folder) => pagesBelow(`docs/${folder}`))];
const examples = pages.flatMap(blocksOf).filter(({ language }) => language === 'ts');

function pagesBelow(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

describe('the examples of the documentation', () => {
  it('compile', () => {
    expect(typeErrors(examples)).toEqual([]);
  }, 120_000);

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'modules', 'examples-')));
  const runnable = examples.filter(({ marks }) => marks.includes('run'));

  it.each(runnable.map((block) => [`${block.page}:${block.line}`, block] as const))('run: %s', async (name, block) => {
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.js`);
    writeFileSync(path, compile(block));
    await import(path);
  });
});
