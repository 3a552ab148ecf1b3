import { pathToFileURL } from 'node:url';

import { Database, MakeMigrationsCommand } from 'bowerbird/orm';

import { openProject, SilentIo } from './project.js';

// `check.js <folder> <database>`: prints how long `makemigrations --check` takes once the program is loaded, and how long
// TypeORM takes to compare the same entities with the tables of the database.
const [folder, database] = process.argv.slice(2) as [string, string];

const app = await openProject(pathToFileURL(folder), database);
const io = new SilentIo();
const started = performance.now();
const code = await app.get(MakeMigrationsCommand).run({ args: {}, options: { check: true } }, io);
const checkMs = performance.now() - started;
if (code !== 0) throw new Error(io.lines.join('\n'));

const compared = performance.now();
await app.get(Database).dataSource.driver.createSchemaBuilder().log();
const typeormMs = performance.now() - compared;
await app.close();
console.log(JSON.stringify({ checkMs, typeormMs }));
