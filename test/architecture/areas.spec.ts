import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PACKAGE, packageSources, ROOT, type SourceFile } from './source.js';

const areas = JSON.parse(readFileSync(join(PACKAGE, 'areas.json'), 'utf8')) as Record<string, string[]>;
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  exports: Record<string, Record<string, string>>;
  imports: Record<string, unknown>;
};
const files = packageSources();
const inAreas = files.filter(({ area }) => area !== '');

const areaOf = (specifier: string) => /^#([a-z]+)$/.exec(specifier)?.[1];
const usesOf = (file: SourceFile) =>
  file.imports.map(({ specifier }) => areaOf(specifier)).filter((area) => area !== undefined);

/** The floor of each area as the table of the documentation has it; the last row stands beside the others. */
function documentedFloors(): ReadonlyMap<string, number> {
  const page = readFileSync(join(ROOT, 'docs/internals/architecture.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+|beside) +\| ([^|]+) \|$/gm)];
  return new Map(
    rows.flatMap(([, floor, names]) =>
      names!
        .replace(/\(.*\)/, '')
        .split(',')
        .map((name) => [name.trim(), floor === 'beside' ? Infinity : Number(floor)] as const),
    ),
  );
}

/** The uses that do not lead to a lower floor. */
function risingUses(graph: Readonly<Record<string, readonly string[]>>, floors: ReadonlyMap<string, number>): string[] {
  return Object.entries(graph).flatMap(([area, uses]) =>
    uses
      .filter((used) => !(floors.get(used)! < floors.get(area)!))
      .map((used) => `${area} (floor ${floors.get(area)}) uses ${used} (floor ${floors.get(used)})`),
  );
}

describe('areas', () => {
  it('are declared in areas.json, one for each folder', () => {
    expect([...new Set(inAreas.map(({ area }) => area))].sort()).toEqual(Object.keys(areas).sort());
  });

  it('stand on the documented floors, core at the bottom, and use lower floors alone', () => {
    const floors = documentedFloors();
    expect([...floors.keys()].sort()).toEqual(Object.keys(areas).sort());
    expect(floors.get('core')).toBe(0);
    expect(risingUses(areas, floors)).toEqual([]);
  });

  it.each([
    ['http', 'sessions'],
    ['forms', 'admin'],
    ['http', 'orm'],
    ['core', 'core'],
    ['auth', 'testing'],
  ])('may not use what stands as high or higher: %s uses %s', (area, used) => {
    const graph = { ...areas, [area]: [...areas[area]!, used] };
    expect(risingUses(graph, documentedFloors())).toHaveLength(1);
  });

  it('import only what they declare', () => {
    const undeclared = inAreas.flatMap((file) =>
      usesOf(file)
        .filter((used) => used !== file.area && !areas[file.area]!.includes(used))
        .map((used) => `${file.path} imports #${used}, which areas.json does not declare for ${file.area}`),
    );
    expect(undeclared).toEqual([]);
  });

  it('declare only what they import', () => {
    const unused = Object.entries(areas).flatMap(([area, declared]) => {
      const used = new Set(inAreas.filter((file) => file.area === area).flatMap(usesOf));
      return declared.filter((name) => !used.has(name)).map((name) => `${area} declares ${name} without using it`);
    });
    expect(unused).toEqual([]);
  });

  it('are entered through their doors alone', () => {
    const leaks = files.flatMap((file) =>
      file.imports.map(({ specifier }) => leak(file, specifier)).filter((text) => text !== undefined),
    );
    expect(leaks).toEqual([]);
  });

  it('have doors that nothing inside imports', () => {
    const inside = inAreas.filter((file) =>
      file.imports.some(({ specifier }) => specifier === './index.js' || specifier === '../index.js'),
    );
    expect(inside.map(({ path }) => path)).toEqual([]);
  });

  it('have doors with named exports only', () => {
    const wildcards = inAreas
      .filter(({ path }) => path.endsWith('/index.ts'))
      .filter(({ text }) => /export \*/.test(text));
    expect(wildcards.map(({ path }) => path)).toEqual([]);
  });

  it('have one exports line each and no wildcard', () => {
    const doors = Object.keys(manifest.exports).filter((name) => name !== '.');
    expect(doors.sort()).toEqual(
      Object.keys(areas)
        .map((area) => `./${area}`)
        .sort(),
    );
    for (const area of Object.keys(areas))
      expect(manifest.exports[`./${area}`]).toEqual({
        'bowerbird-source': `./src/${area}/index.ts`,
        types: `./dist/${area}/index.d.ts`,
        default: `./dist/bundle/${area}.js`,
      });
  });

  it('are never imported by number: testing is imported by no area', () => {
    expect(
      inAreas.filter((file) => file.area !== 'testing' && usesOf(file).includes('testing')).map(({ path }) => path),
    ).toEqual([]);
  });
});

/** What is wrong with an import that leaves its area by a path, or undefined. */
function leak(file: SourceFile, specifier: string): string | undefined {
  if (specifier.startsWith('#'))
    return areaOf(specifier) ? undefined : `${file.path} reaches behind the door: ${specifier}`;
  if (!specifier.startsWith('.') || file.area === '') return undefined;
  const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
  return target.split('/')[0] === file.area ? undefined : `${file.path} leaves its area: ${specifier}`;
}
