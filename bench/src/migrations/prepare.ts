import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { MakeMigrationsCommand, Migrator } from 'bowerbird/orm';

import { appName, APPS, openProject, SilentIo, VERSIONS } from './project.js';

// `prepare.js <folder> <database>`: writes the migrations of all versions of the project, and applies them.
const [folder, database] = process.argv.slice(2) as [string, string];
const root = pathToFileURL(folder);

for (let version = 1; version <= VERSIONS; version += 1) {
  const app = await openProject(root, database, version);
  for (let index = 0; index < APPS; index += 1) {
    const io = new SilentIo();
    await app.get(MakeMigrationsCommand).run({ args: { apps: [appName(index)] }, options: { dryRun: true } }, io);
    write(new URL(`${appName(index)}/`, root), io.lines);
  }
  await app.close();
}
const app = await openProject(root, database);
await app.get(Migrator).migrate();
await app.close();

/** The printed sources are plain JavaScript, and run without a compiler under that name. */
function write(own: URL, lines: readonly string[]): void {
  const source = lines.find((line) => line.startsWith('\nimport'));
  if (source === undefined) throw new Error(lines.join('\n'));
  mkdirSync(own, { recursive: true });
  const number = readdirSync(own).length + 1;
  writeFileSync(
    new URL(`${String(number).padStart(4, '0')}_step.js`, own),
    source.replaceAll(/\d{4}_\w+'\]/g, stepName),
  );
}

/** References name the files as they are called here. */
function stepName(reference: string): string {
  return `${reference.slice(0, 4)}_step']`;
}
