import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openMagazine } from './magazine.js';

let app: TestApp;
let admin: TestClient;

beforeAll(async () => {
  app = await openMagazine();
  admin = await app.login();
});
afterAll(() => app?.close());

it('an answer tells what it depends on', async () => {
  const answer = await admin.get('/api/articles', { headers: { accept: '' } });
  expect([answer.status, answer.header('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(answer.header('vary')).toContain('Accept');
});

it('what cannot be given is refused with what can', async () => {
  const refused = await admin.get('/api/articles', { headers: { accept: 'image/png' } });
  expect([refused.status, refused.json()]).toMatchObject([
    406,
    { detail: /application\/json, application\/vnd\.api\+json, text\/csv, application\/x-ndjson$/ },
  ]);
});

it('what cannot be read is refused with what can', async () => {
  for (const type of ['text/plain', 'application/xml', 'nonsense']) {
    const headers = { 'content-type': type };
    const refused = await admin.post('/api/articles', undefined, { body: '{}', headers });
    expect([refused.status, refused.header('accept')]).toEqual([
      415,
      'application/json, application/vnd.api+json, application/x-www-form-urlencoded, multipart/form-data',
    ]);
  }
});

it('HEAD has the headers of GET and no body', async () => {
  const [get, head] = [await admin.get('/api/articles'), await admin.request('HEAD', '/api/articles')];
  expect([head.status, head.text, head.header('content-length')]).toEqual([200, '', get.header('content-length')]);
  const file = await admin.request('HEAD', '/api/articles?format=csv');
  expect([file.status, file.text, file.header('content-disposition')]).toEqual([
    200,
    '',
    'attachment; filename="articles.csv"',
  ]);
});

it('a path says which methods it has', async () => {
  const list = await admin.request('OPTIONS', '/api/articles');
  expect([list.status, list.header('allow')]).toEqual([204, 'GET, HEAD, QUERY, POST']);
  const patched = await admin.patch('/api/articles', { json: {} });
  expect([patched.status, patched.header('allow')]).toEqual([405, 'GET, HEAD, QUERY, POST']);
  const posted = await admin.post('/api/articles/1', undefined, { json: {} });
  expect([posted.status, posted.header('allow')]).toEqual([405, 'GET, HEAD, PUT, PATCH, DELETE']);
  const unknown = await admin.request('OPTIONS', '/api/unknown');
  expect([unknown.status, unknown.header('allow')]).toEqual([404, undefined]);
});
