import { createTestApp, type TestApp, type TestAppOptions, type TestSettings } from '../test-app.js';
import { copyData } from './copy-data.js';

/** The hooks of a test runner: those of `vitest` and of `@jest/globals` fit as they are. */
export interface TestHooks {
  beforeAll(work: () => Promise<void>): unknown;
  beforeEach(work: () => Promise<void>): unknown;
  afterEach(work: () => Promise<void>): unknown;
  afterAll(work: () => Promise<void>): unknown;
}

/** How {@link useTestApp} sets a suite up. */
export interface TestSuiteOptions<D> extends TestAppOptions {
  /** Stores what all tests of the suite start from, once. Each test gets a copy of what it returns. */
  readonly data?: (app: TestApp) => Promise<D>;
}

/** What the tests of a suite share; of use inside of tests and of hooks that come later. */
export interface TestSuite<D> {
  readonly app: TestApp;
  /** What `data` returned, as new for each test. */
  readonly data: D;
}

/**
 * Boots an application once for a suite. Each test runs in transactions that are undone at its end, so that it sees what
 * `data` has stored and nothing of other tests; the clock goes back as well. Tests run one after another.
 *
 * @example
 * import * as vitest from 'vitest';
 *
 * const shop = useTestApp(vitest, { apps: [ShopModule] }, {
 *   data: async (app) => ({ saw: await app.create(Product, { name: 'Saw' }) }),
 * });
 * it('lists products', async () => {
 *   const page = await shop.app.client().get('/products/');
 *   expect(page.text).toContain(shop.data.saw.name);
 * });
 */
export function useTestApp<D = undefined>(
  hooks: TestHooks,
  settings: TestSettings,
  { data, ...options }: TestSuiteOptions<D> = {},
): TestSuite<D> {
  let app: TestApp | undefined;
  let stored: D | undefined;
  let current: D | undefined;
  let start = new Date();
  hooks.beforeAll(async () => {
    app = await createTestApp(settings, options);
    await app.begin();
    stored = await data?.(app);
    start = app.clock.now();
  });
  hooks.beforeEach(async () => {
    current = copyData(stored);
    await app!.begin();
  });
  hooks.afterEach(async () => {
    app!.clock.set(start);
    await app!.rollback();
  });
  hooks.afterAll(async () => {
    await app?.rollback();
    await app?.close();
  });
  return {
    get app() {
      if (!app)
        throw new Error('The application is there once the hooks of its suite have run: use it inside of tests');
      return app;
    },
    get data() {
      return current as D;
    },
  };
}
