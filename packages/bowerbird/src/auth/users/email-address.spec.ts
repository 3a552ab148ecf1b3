import { describe, expect, it } from 'vitest';

import { isEmailAddress, normalizeEmail } from './email-address.js';

describe('normalizeEmail', () => {
  it.each([
    ['  Ann@Example.COM ', 'ann@example.com'],
    ['ANN@EXAMPLE.com', 'ann@example.com'],
    ['ａｎｎ@example.com', 'ann@example.com'],
    ['Jose\u0301@example.com', 'josé@example.com'],
  ])('spells %j as %s', (given, spelled) => {
    expect(normalizeEmail(given)).toBe(spelled);
  });
});

describe('isEmailAddress', () => {
  it.each(['ann@example.com', "o'neil+tag@mail.example.co.uk", 'josé@exämple.de'])('accepts %s', (email) => {
    expect(isEmailAddress(email)).toBe(true);
  });

  it.each([
    '',
    'ann',
    'ann@localhost',
    'ann@',
    '@example.com',
    'a b@example.com',
    'ann@exa mple.com',
    'ann@@example.com',
    'ann@example..com',
    'ann@.com',
    'ann\u0000@example.com',
    'ann\u200b@example.com',
    'ann\n@example.com',
    'ann@example.com\nbcc:x@y.z',
    '<ann@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'x.'.repeat(130)}com`,
  ])('refuses %j', (email) => {
    expect(isEmailAddress(email)).toBe(false);
  });
});
