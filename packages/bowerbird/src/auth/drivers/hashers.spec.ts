import { describe, expect, it } from 'vitest';

import { authDrivers } from '../passwords/auth-drivers.js';

const kinds = [
  {
    name: 'scrypt',
    cheap: authDrivers.scrypt({ ln: 10, r: 8, p: 1 }),
    dear: authDrivers.scrypt({ ln: 12, r: 8, p: 3 }),
    form: /^\$scrypt\$ln=10,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  },
  {
    name: 'argon2id',
    cheap: authDrivers.argon2id({ memory: 64, time: 1 }),
    dear: authDrivers.argon2id({ memory: 256, time: 3 }),
    form: /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/,
  },
];

describe.each(kinds)('$name', ({ cheap, dear, form }) => {
  it('writes its parameters and a new salt into the text', async () => {
    const [first, second] = [await cheap.hash('correct horse'), await cheap.hash('correct horse')];
    expect(first).toMatch(form);
    expect(second).not.toBe(first);
  });

  it.each(['', 'correct horse', 'ÅngströmÅ', '🐦'.repeat(200), 'a\u0000b'])('verifies %j alone', async (password) => {
    const encoded = await cheap.hash(password);
    expect(await cheap.verify(password, encoded)).toBe(true);
    expect(await cheap.verify(`${password} `, encoded)).toBe(false);
  });

  it('verifies what was made with other parameters and asks for a new hash', async () => {
    const encoded = await cheap.hash('correct horse');
    expect(await dear.verify('correct horse', encoded)).toBe(true);
    expect(dear.needsRehash(encoded)).toBe(true);
    expect(cheap.needsRehash(encoded)).toBe(false);
  });

  it.each([
    '',
    '!',
    '$',
    'plain',
    '$scrypt$',
    '$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA',
    '$scrypt$ln=99,r=8,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '$argon2id$v=19$m=99999999,t=1,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ])('matches nothing with the stored text %j', async (encoded) => {
    expect(await cheap.verify('', encoded)).toBe(false);
    expect(cheap.needsRehash(encoded)).toBe(true);
  });

  it('makes up for work that an older hash did not ask for', async () => {
    await expect(dear.makeUpFor('correct horse', await cheap.hash('x'))).resolves.toBeUndefined();
    await expect(cheap.makeUpFor('correct horse', await dear.hash('x'))).resolves.toBeUndefined();
    await expect(cheap.makeUpFor('correct horse', 'garbage')).resolves.toBeUndefined();
  });
});

describe('default parameters', () => {
  it.each([authDrivers.scrypt(), authDrivers.argon2id()])('are not weak', async (hasher) => {
    expect(hasher.weaknesses()).toEqual([]);
    expect(await hasher.problems()).toEqual([]);
  });

  it('of less work are called weak', () => {
    expect(authDrivers.scrypt({ ln: 12 }).weaknesses()).toHaveLength(1);
    expect(authDrivers.argon2id({ memory: 1024 }).weaknesses()).toHaveLength(1);
  });

  it.each([authDrivers.scrypt({ ln: 30 }), authDrivers.scrypt({ p: 0 }), authDrivers.argon2id({ memory: 1 })])(
    'that cannot work are reported',
    async (hasher) => {
      expect(await hasher.problems()).toHaveLength(1);
    },
  );
});
