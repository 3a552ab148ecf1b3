import { fileURLToPath } from 'node:url';

/** How imports of the framework find its source; empty where suites run on what was built. */
export const SOURCE_CONDITIONS: readonly string[] =
  process.env.BOWERBIRD_TEST_BUILT === '1' ? [] : ['bowerbird-source'];

/** What Node needs to run a script of the tests in a process of its own, over the framework that the test itself has. */
export const NODE_FLAGS: readonly string[] = [
  ...SOURCE_CONDITIONS.flatMap((name) => ['-C', name]),
  '--import',
  fileURLToPath(new URL('./typescript.mjs', import.meta.url)),
];
