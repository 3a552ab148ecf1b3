// Compiles packages, libraries and applications, copies what tsc leaves behind (templates, assets, data), and bundles the
// framework.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const projects = process.argv.slice(2);
const all = ['packages', 'libs', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(root, path, 'tsconfig.json'))),
);

run('node_modules/typescript/bin/tsc', '-b', ...(projects.length > 0 ? projects : all));
for (const project of all) copyAssets(join(root, project));
run('scripts/bundle.mjs');

/** Copies every file of `src` that is not TypeScript to the same place below `dist`. */
function copyAssets(project) {
  const source = join(project, 'src');
  if (!existsSync(join(project, 'dist'))) return;
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts')) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(project, 'dist', from.slice(source.length));
    cpSync(from, to, { recursive: true, preserveTimestamps: true });
  }
}

function run(...args) {
  const { status } = spawnSync('node', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
