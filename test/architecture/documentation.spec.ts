import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { filesBelow, packageSources, ROOT } from './source.js';

const sources = packageSources();

/** The headings of the second level in every page of a reference folder. */
function headings(folder: string): string[] {
  const path = join(ROOT, 'docs/ref', folder);
  if (!existsSync(path)) return [];
  return filesBelow(path, '.md').flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^## `?([^`\n]+)`?$/gm)].map(([, text]) => text!.trim()),
  );
}

function inSource(pattern: RegExp): string[] {
  return [...new Set(sources.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, id]) => id!)))].sort();
}

describe('documentation', () => {
  it('has an entry for every error code, and no entry without a code', () => {
    expect(headings('errors').sort()).toEqual(inSource(/\bcode(?:: string)? = '([a-z]+\.[a-z0-9_]+)'/g));
  });

  it('has an entry for every check id, and no entry without a check', () => {
    expect(headings('checks').sort()).toEqual(inSource(/'([a-z]+\.[EW]\d{3})'/g));
  });

  it('has a topic page and a reference page for every area', () => {
    const areas = Object.keys(JSON.parse(readFileSync(join(ROOT, 'packages/bowerbird/areas.json'), 'utf8')) as object);
    const missing = areas
      .flatMap((area) => ['topics', 'ref'].map((kind) => `docs/${kind}/${area}.md`))
      .filter((page) => !existsSync(join(ROOT, page)));
    expect(missing).toEqual([]);
  });

  it('links only to pages that exist', () => {
    const pages = [
      ...filesBelow(join(ROOT, 'docs'), '.md'),
      join(ROOT, 'README.md'),
      join(ROOT, 'CONTRIBUTING.md'),
    ].filter((page) => existsSync(page));
    const broken = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .filter(([, target]) => !existsSync(join(page, '..', decodeURI(target!))))
        .map(([, target]) => `${page.slice(ROOT.length)} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
