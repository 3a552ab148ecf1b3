import { afterEach, describe, expect, it } from 'vitest';

import { bootSecurity, type SecurityApp, type SecurityAppOptions } from './security-app.js';

const apps: SecurityApp[] = [];

async function boot(options?: SecurityAppOptions): Promise<SecurityApp> {
  const app = await bootSecurity(options);
  apps.push(app);
  return app;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

const https = { 'x-forwarded-proto': 'https', host: 'shop.test' };
const proxied = { http: { trustedProxies: ['127.0.0.1'] } };

describe('every response', () => {
  it.each(['/plain', '/nowhere', '/boom'])('carries the security headers: %s', async (path) => {
    const { headers } = await (await boot()).client().get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('may replace them', async () => {
    const { headers } = await (await boot()).client().get('/own-headers');
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(headers['content-security-policy']).toBe("default-src 'none'");
  });

  it('goes without them where they are off', async () => {
    const { headers } = await (await boot({ security: { headers: false, csp: false } })).client().get('/plain');
    expect(headers['x-frame-options']).toBeUndefined();
    expect(headers['content-security-policy']).toBeUndefined();
  });
});

describe('https', () => {
  it('is insisted on over https alone, in production', async () => {
    const client = (await boot({ production: true, ...proxied })).client();
    expect((await client.get('/plain')).headers['strict-transport-security']).toBeUndefined();
    expect((await client.get('/plain', { headers: https })).headers['strict-transport-security']).toBe(
      'max-age=31536000; includeSubDomains',
    );
  });

  it('is believed of declared proxies alone', async () => {
    const { headers } = await (await boot({ production: true })).client().get('/plain', { headers: https });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('is where visitors of plain http are sent, with what they asked for', async () => {
    const security = { https: { redirect: true, redirectExempt: ['/hooks/'] } };
    const client = (await boot({ security, ...proxied })).client();
    const response = await client.get('/plain?a=b//c', { headers: { host: 'shop.test:8080' } });
    expect([response.status, response.location]).toEqual([301, 'https://shop.test/plain?a=b//c']);
    expect((await client.request('POST', '/plain', { headers: { host: 'shop.test' } })).status).toBe(308);
    expect((await client.get('/plain', { headers: https })).status).toBe(200);
    expect((await client.get('/hooks/none')).status).toBe(404);
  });

  it('is not asked of health routes, which answer any host and so must send nobody anywhere', async () => {
    const client = (await boot({ security: { https: { redirect: true } }, ...proxied })).client();
    const { status, location } = await client.get('/health/live', { headers: { host: 'evil.example' } });
    expect([status, location]).toEqual([200, undefined]);
  });

  it('may have another host', async () => {
    const security = { https: { redirect: true, redirectHost: 'www.shop.test' } };
    const response = await (await boot({ security })).client().get('/plain', { headers: { host: 'shop.test' } });
    expect(response.location).toBe('https://www.shop.test/plain');
  });
});

describe('the content security policy', () => {
  it('has a nonce only where one was asked for, the same within a response', async () => {
    const client = (await boot()).client();
    expect((await client.get('/plain')).headers['content-security-policy']).not.toContain('nonce');
    const response = await client.get('/nonce');
    const { first, second } = response.json<{ first: string; second: string }>();
    expect(first).toMatch(/^[\w-]{22}$/);
    expect(second).toBe(first);
    expect(response.headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${first}'`);
    expect((await client.get('/nonce')).json<{ first: string }>().first).not.toBe(first);
  });

  it('is changed by a route, directive by directive', async () => {
    const response = await (await boot()).client().get('/wider');
    const policy = response.headers['content-security-policy'] as string;
    const { nonce } = response.json<{ nonce: string }>();
    expect(policy).toContain('img-src https://images.test;');
    expect(policy).not.toContain('form-action');
    expect(policy).toContain(`'nonce-${nonce}'`);
  });

  it('is switched off by a route', async () => {
    const { headers } = await (await boot()).client().get('/off');
    expect(headers['content-security-policy']).toBeUndefined();
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('can be reported beside the enforced one, by the settings and by a route', async () => {
    const security = { cspReportOnly: { 'default-src': ["'self'"], 'report-to': ['csp'] } };
    const client = (await boot({ security })).client();
    const { headers } = await client.get('/plain');
    expect(headers['content-security-policy-report-only']).toBe("default-src 'self'; report-to csp");
    expect(headers['content-security-policy']).toContain("object-src 'none'");
    expect((await client.get('/reported')).headers['content-security-policy-report-only']).toBe("default-src 'none'");
  });

  it('agrees with the frame options of a route', async () => {
    const client = (await boot()).client();
    const framed = await client.get('/framed');
    expect(framed.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(framed.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    const byAll = await client.get('/framed-by-all');
    expect(byAll.headers['x-frame-options']).toBeUndefined();
    expect(byAll.headers['content-security-policy']).not.toContain('frame-ancestors');
  });
});

describe('an adopting application', () => {
  it('keeps its own responses as they were', async () => {
    const client = (await boot({ http: { pipeline: 'own' } })).client();
    expect((await client.get('/plain')).headers['x-frame-options']).toBeUndefined();
    expect((await client.get('/pages')).headers['x-frame-options']).toBe('DENY');
  });
});
