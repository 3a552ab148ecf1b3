import { describe, expect, it } from 'vitest';

import { BadSignatureError, SignatureExpiredError } from './signer.errors.js';
import { SecretKeys, Signer } from './signer.js';

const clockAt = (time: string) => ({ now: () => new Date(time) });
const noon = clockAt('2026-01-01T12:00:00Z');
const signer = new Signer(new SecretKeys('k'.repeat(50)), noon);

describe('Signer', () => {
  it('gives back what was signed, whatever its characters', () => {
    for (const value of ['', 'a', 'a.b:c', 'ünï\u0000code', '{"id":7}', '.'.repeat(500)]) {
      expect(signer.unsign('reset', signer.sign('reset', value))).toBe(value);
    }
  });

  it('refuses a token for another purpose', () => {
    expect(() => signer.unsign('invite', signer.sign('reset', 'x'))).toThrow(BadSignatureError);
  });

  it('keeps salt and value apart', () => {
    expect(signer.signature('ab', 'c')).not.toBe(signer.signature('a', 'bc'));
  });

  it('refuses every change of one character', () => {
    const token = signer.sign('s', 'value');
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const forged = token.slice(0, index) + other + token.slice(index + 1);
      if (forged !== token) expect(() => signer.unsign('s', forged), forged).toThrow(BadSignatureError);
    }
  });

  it('refuses texts that are no tokens', () => {
    for (const text of ['', '.', '..', '...', 'a.b', 'a.b.c.d', ' ']) {
      expect(() => signer.unsign('s', text), text).toThrow(BadSignatureError);
    }
  });

  it('expires after the max age and not before', () => {
    const token = signer.sign('s', 'v');
    const at = (time: string) => new Signer(new SecretKeys('k'.repeat(50)), clockAt(time));
    expect(at('2026-01-01T12:30:00Z').unsign('s', token, { maxAge: '30m' })).toBe('v');
    expect(() => at('2026-01-01T12:30:01Z').unsign('s', token, { maxAge: '30m' })).toThrow(SignatureExpiredError);
  });

  it('accepts a fallback key for reading and signs with the current one', () => {
    const rotated = new Signer(new SecretKeys('n'.repeat(50), ['k'.repeat(50)]), noon);
    expect(rotated.unsign('s', signer.sign('s', 'old'))).toBe('old');
    expect(() => signer.unsign('s', rotated.sign('s', 'new'))).toThrow(BadSignatureError);
  });
});
