import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('./', import.meta.url));
const built = ['module', 'node', 'development|production'];
const source = ['bowerbird-source', ...built];

/** What vite does not transform, such as migration files that a test has written, may be TypeScript all the same. */
const typescript = fileURLToPath(new URL('./test/support/typescript.mjs', import.meta.url));

interface Place {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  /** Whether specs meet what was built of the framework at its doors, instead of its source. */
  readonly built?: boolean;
}

/** A folder of specs with its own name on the command line: `vitest run --project unit`. */
const project = (name: string, place: Place) => {
  const conditions = place.built ? built : source;
  return {
    extends: true as const,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: [...place.include],
      exclude: ['**/node_modules/**', '**/dist/**', ...(place.exclude ?? [])],
      // Every file of a worker meets the same modules: loading the framework anew takes longer than most files do.
      isolate: false,
      execArgv: place.built ? ['--import', typescript] : [],
    },
  };
};

/** Specs that reach behind the doors of the framework, and so need its source alone. */
const inside = readdirSync(`${root}test/integration`, { recursive: true, encoding: 'utf8' })
  .map((name) => `test/integration/${name}`)
  .filter((name) => name.endsWith('.spec.ts') && readFileSync(root + name, 'utf8').includes('packages/bowerbird/src/'));

/** `npm test` builds first and has the suites run on that: what users get, and it loads in a fraction of the time. */
const doors = process.env.BOWERBIRD_TEST_BUILT === '1';

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: [new URL('./test/support/run-folder.ts', import.meta.url).pathname],
    setupFiles: ['reflect-metadata'],
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 90_000,
    server: { deps: { external: [/\/packages\/bowerbird\/dist\//] } },
    maxWorkers: 3,
    projects: [
      project('architecture', { include: ['test/architecture/**/*.spec.ts'] }),
      project('unit', { include: ['packages/*/src/**/*.spec.ts', 'libs/*/src/**/*.spec.ts'] }),
      project('inside', { include: inside }),
      project('integration', {
        include: ['test/integration/**/*.spec.ts', 'test/drivers/**/*.spec.ts'],
        exclude: inside,
        built: doors,
      }),
      project('e2e', { include: ['test/e2e/**/*.spec.ts'], built: doors }),
    ],
  },
});
