import { TemplateRenderer } from 'bowerbird/templates';
import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { bootDemo } from './demo-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await bootDemo();
});
afterAll(() => app.close());

it('ships templates that all compile', () => {
  const templates = app.get(TemplateRenderer);
  const names = templates.names();
  expect(names.length).toBeGreaterThan(40);
  for (const name of names) expect(() => templates.compile(name), name).not.toThrow();
});
