import { defineConfig } from 'vitest/config';

const conditions = ['bowerbird-source', 'module', 'node', 'development|production'];

/** A folder of specs with its own name on the command line: `vitest run --project unit`. */
const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**'] },
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    globalSetup: [new URL('./test/support/run-folder.ts', import.meta.url).pathname],
    setupFiles: ['reflect-metadata'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
    projects: [
      project('architecture', ['test/architecture/**/*.spec.ts']),
      project('unit', ['packages/*/src/**/*.spec.ts', 'libs/*/src/**/*.spec.ts']),
      project('integration', ['test/integration/**/*.spec.ts', 'test/drivers/**/*.spec.ts']),
      project('e2e', ['test/e2e/**/*.spec.ts']),
    ],
  },
});
