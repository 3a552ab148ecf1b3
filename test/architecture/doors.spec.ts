import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { filesBelow, importsIn, PACKAGE, ROOT } from './source.js';

/** An application or a feature library: a package of the repository that stands on the framework. */
interface Outside {
  readonly name: string;
  readonly folder: string;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const outsides: readonly Outside[] = ['apps', 'libs'].flatMap((kind) =>
  readdirSync(join(ROOT, kind))
    .map((name) => join(ROOT, kind, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ name: relative(ROOT, folder), folder })),
);

/** Every specifier that the packages of the repository offer: `bowerbird/orm`, `@bowerbird/atlas`. */
const doors: ReadonlySet<string> = new Set(
  [PACKAGE, ...outsides.map(({ folder }) => folder)].flatMap((folder) => {
    const { name, exports = {} } = manifestOf(folder);
    return Object.keys(exports).map((door) => name + door.slice(1));
  }),
);

/** What is wrong with an import of a file outside of the framework, or undefined. */
function trespass(file: string, specifier: string, folder: string): string | undefined {
  const place = `${relative(ROOT, file)} imports ${specifier}`;
  if (specifier.startsWith('.'))
    return relative(folder, resolve(dirname(file), specifier)).startsWith('..')
      ? `${place}, outside of its package`
      : undefined;
  if (specifier.startsWith('/') || specifier.startsWith('#') || specifier.startsWith('file:')) return place;
  const ours = /^(@bowerbird\/|bowerbird(\/|$))/.test(specifier);
  return ours && !doors.has(specifier) ? `${place}, which is no public door` : undefined;
}

describe('applications and libraries', () => {
  it('are looked at', () => {
    expect(outsides.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['apps/demo', 'apps/hello', 'libs/atlas', 'libs/blog']),
    );
    expect([...doors]).toEqual(expect.arrayContaining(['bowerbird', 'bowerbird/orm', '@bowerbird/atlas']));
  });

  it.each(outsides)('$name stands on public doors alone', ({ folder }) => {
    const files = filesBelow(join(folder), '.ts', '.mts', '.tsx');
    expect(files.length).toBeGreaterThan(0);
    const found = files.flatMap((file) =>
      importsIn(file)
        .map(({ specifier }) => trespass(file, specifier, folder))
        .filter((text) => text !== undefined),
    );
    expect(found).toEqual([]);
  });

  it.each([
    '../../../packages/bowerbird/src/orm/index.js',
    '../../atlas/src/index.js',
    'bowerbird/dist/orm/index.js',
    'bowerbird/orm/connection/database.js',
    '@bowerbird/atlas/src/city.entity.js',
    '#orm',
  ])('may not import %s', (specifier) => {
    const folder = join(ROOT, 'libs/blog');
    expect(trespass(join(folder, 'src/post.entity.ts'), specifier, folder)).toContain(specifier);
  });
});
