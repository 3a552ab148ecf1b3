import { describe, expect, it } from 'vitest';

import { fitName, partsOf, withRandomPart } from './file-name.js';
import { InvalidNameError } from './storage.errors.js';

describe('file names', () => {
  it('are made fit in their last part', () => {
    expect(fitName('covers/My photo (1).JPG')).toBe('covers/My_photo_(1).JPG');
    expect(fitName('a\\b:c?.txt')).toBe('a_b_c_.txt');
    expect(fitName('...')).toBe('file');
    expect(fitName('u\u0308.txt')).toBe('ü.txt');
    expect(fitName('evil\u202egnp.exe')).toBe('evilgnp.exe');
  });

  it('are cut before their extension, never inside a character', () => {
    const name = fitName(`${'🦜'.repeat(100)}.jpeg`);
    expect([Buffer.byteLength(name) <= 200, name.endsWith('🦜.jpeg')]).toEqual([true, true]);
  });

  it('are refused where a folder is unsafe', () => {
    for (const name of ['../a', '/a', 'a/../b', '.a/b', 'a\\..\\b/c', 'a//b'])
      expect(() => fitName(name), name).toThrow(InvalidNameError);
  });

  it('are refused when they are long beyond reason', () => {
    expect(() => partsOf('a/'.repeat(600) + 'b')).toThrow(InvalidNameError);
  });

  it('get a random part before the extension', () => {
    expect(withRandomPart('a/b.tar.gz')).toMatch(/^a\/b\.tar_[\w-]{8}\.gz$/);
    expect(withRandomPart('a/b')).toMatch(/^a\/b_[\w-]{8}$/);
  });
});
