import { describe, expect, it } from 'vitest';

import { DecryptionError, EncryptionKeyError } from '../../orm.errors.js';
import { ColumnCipher } from './column-cipher.js';

const [old, current] = ['o'.repeat(50), 'c'.repeat(50)];

describe('the cipher of columns', () => {
  const cipher = new ColumnCipher([current]);

  it.each(['', 'Ärger 🐦', 'x'.repeat(10_000), 'a:b:c'])('gives back %j', (text) => {
    const stored = cipher.encrypt(text, 'person.ssn');
    expect(stored).toMatch(/^enc1:[0-9a-f]{8}:[\w-]+$/);
    if (text) expect(stored).not.toContain(text);
    expect(cipher.decrypt(stored, 'person.ssn')).toBe(text);
  });

  it('never stores the same text the same way twice', () => {
    expect(cipher.encrypt('a', 'x')).not.toBe(cipher.encrypt('a', 'x'));
  });

  it('refuses what was changed, moved, cut off, or never encrypted', () => {
    const stored = cipher.encrypt('secret', 'person.ssn');
    const changed = stored.slice(0, -2) + (stored.endsWith('AA') ? 'BB' : 'AA');
    for (const text of [changed, stored.slice(0, 20), 'plain', '', `${stored}:`, 'enc1::'])
      expect(() => cipher.decrypt(text, 'person.ssn')).toThrow(DecryptionError);
    expect(() => cipher.decrypt(stored, 'person.phone')).toThrow(/belongs elsewhere/);
  });

  it('decrypts with earlier keys, and not with unknown ones', () => {
    const stored = new ColumnCipher([old]).encrypt('secret', 'a');
    const rotated = new ColumnCipher([current, old]);
    expect(rotated.decrypt(stored, 'a')).toBe('secret');
    expect(stored.startsWith(rotated.currentPrefix('a'))).toBe(false);
    expect(rotated.encrypt('x', 'a').startsWith(rotated.currentPrefix('a'))).toBe(true);
    expect(() => cipher.decrypt(stored, 'a')).toThrow(/no key with the id/);
    expect(() => new ColumnCipher([]).encrypt('x', 'a')).toThrow(EncryptionKeyError);
  });
});
