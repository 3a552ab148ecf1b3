// Types, lint, format and architecture tests; what every commit passes. What does not need the others runs beside them.
import { spawn } from 'node:child_process';

const stages = [
  [['types', 'node', ['node_modules/typescript/bin/tsc', '-b', '--pretty', 'false']]],
  [
    ['lint', 'npx', ['oxlint', '--type-aware', '-c', '.oxlintrc.json']],
    ['format', 'npx', ['prettier', '--check', '.', '--log-level', 'warn']],
    ['architecture', 'npx', ['vitest', 'run', '--project', 'architecture', '--reporter', 'dot']],
  ],
];

for (const stage of stages) {
  const passed = await Promise.all(stage.map(([name, command, args]) => step(name, command, args)));
  if (passed.includes(false)) process.exit(1);
}

/** Runs one step, and shows what it said when it is over, so that no two mix. */
function step(name, command, args) {
  const started = Date.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  return new Promise((resolve) => {
    const end = (passed, how) => {
      process.stdout.write(Buffer.concat(said));
      console.log(`check: ${name} ${how}`);
      resolve(passed);
    };
    child.on('error', (error) => end(false, `failed: ${error.message}`));
    child.on('close', (code) => {
      const passed = code === 0;
      end(passed, passed ? `passed in ${((Date.now() - started) / 1000).toFixed(1)} s` : 'failed');
    });
  });
}
