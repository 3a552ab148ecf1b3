import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { ENGINES, OVERRIDES, VERSIONS } from './versions.js';

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly overrides?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../../../${folder}package.json`, import.meta.url), 'utf8')) as Manifest;

const workspace = manifestOf('');

it('has the versions that the workspace is built and tested with', () => {
  const used = {
    ...workspace.devDependencies,
    bowerbird: manifestOf('packages/bowerbird/').version,
    '@bowerbird/schematics': manifestOf('packages/schematics/').version,
  };
  expect(used).toMatchObject(VERSIONS);
  expect(workspace.overrides).toMatchObject(OVERRIDES);
  expect(workspace.engines.node).toBe(ENGINES);
});

it('makes projects for the Bowerbird of its own version', () => {
  expect(manifestOf('packages/create-bowerbird/').version).toBe(VERSIONS.bowerbird);
});
