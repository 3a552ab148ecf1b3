import { describe, expect, it } from 'vitest';

import { ContentSecurityPolicy } from './content-security-policy.js';
import { CSP, cspProblems, STRICT_CSP } from './csp.js';

describe('the content security policy', () => {
  it('is strict by default', () => {
    expect(new ContentSecurityPolicy(STRICT_CSP).plain).toBe(
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  it('puts the nonce where the placeholder stands', () => {
    const policy = new ContentSecurityPolicy({ 'script-src': [CSP.SELF, CSP.NONCE], 'style-src': [CSP.NONCE] });
    expect(policy.withNonce('abc')).toBe("script-src 'self' 'nonce-abc'; style-src 'nonce-abc'");
    expect(policy.takesNonce).toBe(true);
    expect(new ContentSecurityPolicy({ 'script-src': [CSP.SELF] }).takesNonce).toBe(false);
  });

  it('replaces and removes single directives', () => {
    const policy = new ContentSecurityPolicy({ 'default-src': [CSP.SELF], 'img-src': [CSP.SELF] });
    expect(policy.extend({ 'img-src': ['https://i.test'], 'default-src': false }).plain).toBe('img-src https://i.test');
  });

  it('writes directives without sources', () => {
    expect(new ContentSecurityPolicy({ 'upgrade-insecure-requests': [] }).plain).toBe('upgrade-insecure-requests');
  });

  it.each([
    [{ 'script-src': ["'self'; default-src *"] }],
    [{ 'script-src': ['a b'] }],
    [{ 'script-src': ['a,b'] }],
    [{ 'script-src': "'self'" }],
    [{ 'script-src': [1] }],
    [{ 'Script Src': ['a'] }],
  ])('refuses %j', (directives) => expect(cspProblems(directives as never)).toHaveLength(1));
});
