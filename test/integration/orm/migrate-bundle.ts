import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { rolldown } from 'rolldown';

const SCRIPT = fileURLToPath(new URL('./migrate-process.ts', import.meta.url));
const ORM = fileURLToPath(new URL('../../../packages/bowerbird/src/orm/index.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../../packages/bowerbird/tsconfig.json', import.meta.url));

/** Migration files are plain JavaScript in spite of their name, and use the classes of the bundle. */
const hooks = (orm: string): string => `
import { readFile } from 'node:fs/promises';
export const resolve = (name, context, next) =>
  name === 'bowerbird/orm' ? { url: ${JSON.stringify(orm)}, shortCircuit: true } : next(name, context);
export const load = async (url, context, next) =>
  url.endsWith('.ts')
    ? { format: 'module', source: await readFile(new URL(url), 'utf8'), shortCircuit: true }
    : next(url, context);
`;

/**
 * Joins `migrate-process.ts` and the sources of the framework into one program, so that the many processes of a suite do
 * not compile them again each time. Returns the arguments for Node.
 */
export async function bundleMigrateProcess(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modules', 'migrate-'));
  const bundle = await rolldown({
    input: { program: SCRIPT, orm: ORM },
    platform: 'node',
    tsconfig: TSCONFIG,
    external: (id) => !/^[./#]|^bowerbird\/|^@oxc-project\//.test(id),
    resolve: { conditionNames: ['bowerbird-source', 'import', 'node', 'default'] },
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  writeFileSync(join(folder, 'hooks.mjs'), hooks(pathToFileURL(join(folder, 'orm.mjs')).href));
  writeFileSync(
    join(folder, 'register.mjs'),
    "import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n",
  );
  return ['--import', pathToFileURL(join(folder, 'register.mjs')).href, join(folder, 'program.mjs')];
}
