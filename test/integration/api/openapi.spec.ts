import { Validator } from '@seriousme/openapi-schema-validator';
import { type OpenApiDocument } from 'bowerbird/api';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openMagazine } from './magazine.js';

describe('the description of the API', () => {
  let app: TestApp;
  let admin: TestClient;
  let document: OpenApiDocument;

  beforeAll(async () => {
    app = await openMagazine();
    admin = await app.login();
    document = (await admin.get('/api/openapi.json')).json<OpenApiDocument>();
  });
  afterAll(() => app?.close());

  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(document as never)).toMatchObject({ valid: true });
  });
});
