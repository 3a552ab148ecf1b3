// Types, lint, format and architecture tests; what every commit passes.
import { spawnSync } from 'node:child_process';

const steps = [
  ['types', 'node', ['node_modules/typescript/bin/tsc', '-b', '--pretty', 'false']],
  ['lint', 'npx', ['oxlint', '--type-aware', '-c', '.oxlintrc.json']],
  ['format', 'npx', ['prettier', '--check', '.', '--log-level', 'warn']],
  ['architecture', 'npx', ['vitest', 'run', '--project', 'architecture', '--reporter', 'dot']],
];

for (const [name, command, args] of steps) {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check: ${name} failed`);
    process.exit(status ?? 1);
  }
  console.log(`check: ${name} passed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
