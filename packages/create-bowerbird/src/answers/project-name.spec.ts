import { expect, it } from 'vitest';

import { nameProblem } from './project-name.js';

it.each(['shop', '@acme/shop', 'my-shop.2', 'a'])('takes %s', (name) => {
  expect(nameProblem(name)).toBeUndefined();
});

it.each([
  ['', 'needs a name'],
  ['../shop', 'is a path'],
  ['/tmp/shop', 'is a path'],
  ['a/b', 'is a path'],
  ['@acme/../shop', 'is a path'],
  ['@acme/..', 'is a path'],
  ['..', 'is a path'],
  ['C:\\shop', 'is a path'],
  ['Shop', 'cannot be the name'],
  ['.shop', 'cannot be the name'],
  ['shöp', 'cannot be the name'],
  ['shop; rm -rf', 'cannot be the name'],
  ['shop\n', 'cannot be the name'],
  ['--template', 'cannot be the name'],
  ['x'.repeat(215), '215 characters'],
  ['typeorm', 'that the project needs'],
  ['bowerbird', 'that the project needs'],
  ['http', 'a meaning of its own'],
  ['node_modules', 'a meaning of its own'],
  ['con', 'Windows'],
  ['@acme/nul.js', 'Windows'],
])('refuses %j', (name, problem) => {
  expect(nameProblem(name)).toContain(problem);
});
