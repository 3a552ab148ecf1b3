import { describe, expect, it } from 'vitest';

import { passwordRules } from './password-rules.js';

describe('the length rule', () => {
  it('counts characters, not code units', async () => {
    expect(await passwordRules.length(4).check('🐦🐦🐦')).toMatch(/too short/);
    expect(await passwordRules.length(3).check('🐦🐦🐦')).toBeUndefined();
  });

  it('refuses what is too long to work on', async () => {
    expect(await passwordRules.length().check('x'.repeat(1025))).toMatch(/too long/);
  });
});

describe('the numeric rule', () => {
  it.each(['74183649012', '٠١٢٣٤٥٦٧٨'])('refuses %s', async (password) => {
    expect(await passwordRules.notNumeric().check(password)).toMatch(/only digits/);
  });

  it('accepts digits with anything else', async () => {
    expect(await passwordRules.notNumeric().check('74183649012x')).toBeUndefined();
  });
});

describe('the common rule', () => {
  it.each([
    'password',
    'PASSWORD',
    'Passw0rd',
    'p@ssw0rd123!',
    'Sunshine1987',
    'qwertyuiop',
    '1q2w3e4r',
    'Dragon!!',
    'letmein2024?',
  ])('refuses %s', async (password) => {
    expect(await passwordRules.notCommon().check(password)).toBe('This password is too common.');
  });

  it.each(['correct-bower-battery', 'sunshine over bergen', 'dragonfruit-tartelette', 'x7#kLm92pQ'])(
    'accepts %s',
    async (password) => {
      expect(await passwordRules.notCommon().check(password)).toBeUndefined();
    },
  );

  it('takes a list of its own', async () => {
    expect(await passwordRules.notCommon(['Bowerbird']).check('bowerbird99')).toMatch(/common/);
  });
});

describe('the similarity rule', () => {
  const owner = { email: 'josephine.meyer@example.com', firstName: 'Josephine', lastName: 'Meyer' };
  const rule = passwordRules.notSimilar();

  it.each(['josephine', 'Josephine1', 'enihpesoj', 'josephine.meyer', 'Josephine.Meyer@example.com'])(
    'refuses %s for josephine.meyer@example.com',
    async (password) => {
      expect(await rule.check(password, owner)).toMatch(/too similar/);
    },
  );

  it('accepts a passphrase that mentions a name', async () => {
    expect(await rule.check('meyer walks nine bears over the hill', owner)).toBeUndefined();
  });

  it('accepts anything for nobody', async () => {
    expect(await rule.check('josephine')).toBeUndefined();
  });
});
