import { posix } from 'node:path';

import { appTestCode, canImport, type AppTest } from '../code/test-code.js';
import { kebab } from '../names/words.js';
import { type AppSource } from './apps.js';
import { neededApps } from './entities.js';
import { type Project } from './project.js';

/** Where a test of an app goes. @param name the file that it tests, without its end: `product.entity` */
export function testPath(project: Project, app: AppSource, name: string): string {
  return posix.join(project.testRoot(app.folder), kebab(app.name), `${name}.spec.ts`);
}

/**
 * Writes a test that boots an app with all that it needs. Returns what to tell the user: nothing, unless tests cannot
 * import the app.
 */
export function writeAppTest(
  project: Project,
  app: AppSource,
  name: string,
  { imports, tests }: Pick<AppTest, 'imports' | 'tests'>,
): readonly string[] {
  const apps = neededApps(project, app);
  const path = testPath(project, app, name);
  if (!canImport(project, apps)) {
    return [`No test was written: ${apps.map(({ className }) => className).join(' or ')} is not exported.`];
  }
  project.create(path, appTestCode(project, { path, apps, imports, tests, database: databaseOf(project, app) }));
  return [];
}

/** `database.ts` among the tests, when it exports what its name says; new projects have one. */
function databaseOf(project: Project, app: AppSource): string | undefined {
  const path = posix.join(project.testRoot(app.folder), 'database.ts');
  if (!project.has(path)) return undefined;
  return /\bexport (const|(async )?function) database\b/.test(project.read(path)) ? path : undefined;
}
