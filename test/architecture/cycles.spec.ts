import { describe, expect, it } from 'vitest';

import { packageSources } from './source.js';

describe('files', () => {
  it('import each other without cycles at run time', () => {
    const files = packageSources();
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter(({ specifier, typeOnly, dynamic }) => !typeOnly && !dynamic && specifier.startsWith('.'))
          .map(({ specifier }) => new URL(specifier.replace(/\.js$/, '.ts'), `file:///${file.path}`).pathname.slice(1)),
      ]),
    );
    expect(findCycles(graph)).toEqual([]);
  });
});

function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    const start = trail.indexOf(node);
    if (start >= 0) cycles.add([...trail.slice(start), node].join(' → '));
    if (start >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return [...cycles];
}
