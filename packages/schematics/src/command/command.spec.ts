import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { TAKEN_VERBS } from './index.js';

it('no command takes the verb of a documented one', () => {
  const page = readFileSync(new URL('../../../../docs/ref/cli.md', import.meta.url), 'utf8');
  const verbs = [...page.matchAll(/^\| `([a-z]+)[ `]/gm)].map(([, verb]) => verb!);
  expect(verbs).toContain('migrate');
  expect(verbs.filter((verb) => !TAKEN_VERBS.has(verb))).toEqual([]);
});
