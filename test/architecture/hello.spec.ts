import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ROOT } from './source.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the smallest application', () => {
  const hello = read('apps/hello/src/main.ts');

  it('is one file of at most 40 lines', () => {
    expect(hello.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('is quoted by the README as it stands', () => {
    expect(read('README.md')).toContain(`\`\`\`ts\n${hello}\`\`\``);
  });
});
