// `npm test`: builds, finds or starts the databases and the browser, runs the suites on each of them, and says which it used.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findBrowser } from './services/browser.mjs';
import { findMysql } from './services/mysql.mjs';
import { startPostgres } from './services/postgres.mjs';
import { describeSqlite } from './services/sqlite.mjs';

/** What must be there, or the run fails: a comma list of postgres, mysql and browser. */
const required = (process.env.BOWERBIRD_REQUIRE ?? '').split(',').filter(Boolean);

const { status: built } = spawnSync('node', [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
  stdio: 'inherit',
});
if (built !== 0) process.exit(built ?? 1);

const services = {
  sqlite: await describeSqlite(),
  postgres: await startPostgres(),
  mysql: await findMysql(),
  browser: findBrowser(),
};
const missing = required.filter((name) => !services[name]?.available);
if (missing.length > 0) {
  for (const name of missing)
    console.error(`Required but not reachable: ${name} (${services[name]?.reason ?? 'unknown service'})`);
  await services.postgres.stop?.();
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-test-'));
const report = join(folder, 'report.json');
// The architecture is a part of `npm run check`.
const projects = ['unit', 'inside', 'integration', ...(services.browser.available ? ['e2e'] : [])];
// Not synchronously: PostgreSQL stands still when nobody reads what it says.
const runner = spawn(
  'npx',
  [
    'vitest',
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, ...environment() } },
);
const [status] = await once(runner, 'exit');
await services.postgres.stop?.();
summarize();
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);

function environment() {
  const databases = ['sqlite', 'postgres', 'mysql'].filter((name) => services[name].available);
  return {
    BOWERBIRD_TEST_DATABASES: databases.join(','),
    BOWERBIRD_TEST_POSTGRES_URL: services.postgres.url ?? '',
    BOWERBIRD_TEST_MYSQL_URL: services.mysql.url ?? '',
    BOWERBIRD_TEST_BROWSER: services.browser.path ?? '',
    BOWERBIRD_TEST_BUILT: '1',
  };
}

function summarize() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  } catch {
    console.log('\nThe test runner ended without a report.');
  }
  const label = (service) => (service.available ? service.version : `not run (${service.reason})`);
  console.log(
    `Databases: ${[services.sqlite, services.postgres, services.mysql].map(label).join(' · ')}. Browser: ${label(services.browser)}.`,
  );
}
