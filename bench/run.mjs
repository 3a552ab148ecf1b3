// `npm run bench [name…]`: builds, then prints each comparison. Both sides of a ratio are measured in one run.
import { spawnSync } from 'node:child_process';

const run = (...args) => {
  const { status } = spawnSync('node', args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run('scripts/build.mjs');
run('node_modules/typescript/bin/tsc', '-b', 'bench');
run('bench/dist/run.js', ...process.argv.slice(2));
