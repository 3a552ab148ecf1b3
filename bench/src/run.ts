import { api } from './suites/api.js';
import { boot } from './suites/boot.js';
import { list } from './suites/list.js';
import { migrations } from './suites/migrations.js';
import { orm } from './suites/orm.js';
import { pipeline } from './suites/pipeline.js';
import { scale } from './suites/scale.js';

const suites = [list, scale, pipeline, boot, orm, migrations, api];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(', ')}; there are ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

for (const suite of suites) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
  console.log(`\n${suite.title}`);
  for (const { what, value, note } of await suite.run())
    console.log(`  ${what.padEnd(44)} ${value.padStart(10)}  ${note ?? ''}`);
}
process.exit(0);
