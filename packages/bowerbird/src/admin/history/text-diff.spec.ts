import { describe, expect, it } from 'vitest';

import { diffTexts } from './text-diff.js';

const marked = (before: string, after: string) =>
  diffTexts(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}`, gap: text })[kind])
    .join('');

describe('diffTexts', () => {
  it('marks words that came and went', () => {
    expect(marked('The quick brown fox', 'The quick red fox')).toBe('The quick [-brown-]{+red+} fox');
    expect(marked('one two', 'one two three')).toBe('one two{+ three+}');
    expect(marked('one two three', 'two three')).toBe('[-one -]two three');
    expect(marked('in the middle', 'in a very middle')).toBe('in [-the-]{+a very+} middle');
    expect(marked('', 'new')).toBe('{+new+}');
    expect(marked('old', '')).toBe('[-old-]');
    expect(marked('same', 'same')).toBe('same');
  });

  it('reads neighboring changes as one', () => {
    expect(marked('a b c d', 'a x y d')).toBe('a [-b c-]{+x y+} d');
  });

  it('leaves letters of all scripts and pairs of code units whole', () => {
    expect(marked('Zürich ist schön 🙂', 'Zürich war schön 🙃')).toBe('Zürich [-ist-]{+war+} schön [-🙂-]{+🙃+}');
  });

  it('loses nothing, whatever the texts are', () => {
    const letters = ['a', 'b', ' ', 'c', '\n'];
    for (let seed = 1; seed < 400; seed += 1) {
      const text = (salt: number) =>
        Array.from(
          { length: (seed * salt) % 23 },
          (_, index) => letters[(seed * salt + index * index * (seed % 7)) % 5],
        ).join('');
      const [before, after] = [text(3), text(5)];
      const parts = diffTexts(before, after);
      const side = (without: string) =>
        parts
          .filter(({ kind }) => kind !== without)
          .map((one) => one.text)
          .join('');
      expect([side('added'), side('removed')]).toEqual([before, after]);
    }
  });

  it('leaves out the middle of long unchanged stretches', () => {
    const long = 'word '.repeat(200);
    expect(marked(`${long}old`, `${long}new`)).toMatch(/^ … (?:word ){12,16}\[-old-\]\{\+new\+\}$/);
  });

  it('gives up on texts that have little in common, quickly', () => {
    const text = (start: number) => Array.from({ length: 5_000 }, (_, index) => `w${start + index * 3}`).join(' ');
    expect(diffTexts(text(0), text(1)).map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});
