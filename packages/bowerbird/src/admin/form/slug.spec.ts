import { describe, expect, it } from 'vitest';

import { slugOf } from './slug.js';

describe('slugOf', () => {
  it.each([
    ['Hello, World!', 'hello-world'],
    ['  --spaces  and -- hyphens-- ', 'spaces-and-hyphens'],
    ['Ærø & Señor Łukasz’ Straße', 'aero-senor-lukasz-strasse'],
    ['Crème brûlée №5', 'creme-brulee-no5'],
    ['日本', ''],
    ['<script>', 'script'],
  ])('makes %j into %j', (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });

  it('keeps to the length and ends with a letter or digit', () => {
    expect(slugOf('abc def', 4)).toBe('abc');
    expect(slugOf('x'.repeat(500))).toHaveLength(200);
  });
});
