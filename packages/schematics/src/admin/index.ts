import { posix } from 'node:path';

import { adminOptionsOf } from '../code/admin-options.js';
import { Imports } from '../code/imports.js';
import { callWith } from '../code/literals.js';
import { propertiesOf } from '../entity/entity-fields.js';
import { plural, spoken } from '../names/words.js';
import { addProvider } from '../project/app-edits.js';
import { entityOf, type EntitySource } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { writeAppTest } from '../project/write-test.js';
import { takeAdmin } from './take-admin.js';

/** Writes an admin class for an entity with a test. What `@Admin` says on the entity moves there. */
export function generateAdmin(project: Project, options: PartOptions): readonly string[] {
  const target = targetOf(project, options, 'an entity');
  const { app, file } = target;
  const entity = entityOf(project, app, target.className);
  const className = `${entity.className}Admin`;
  const path = posix.join(app.folder, `${file}.admin.ts`);
  // Twice the same: the first time has moved the options already.
  if (!project.has(path)) project.create(path, adminCode(project, entity, className, path));
  if (options.skipImport !== true) addProvider(project, app, className, path);
  return options.spec === false ? [] : writeTest(project, target, entity);
}

/** The rule that the devkit runs. */
export const main = ruleOf<PartOptions>(generateAdmin);

function adminCode(project: Project, entity: EntitySource, className: string, path: string): string {
  const taken = takeAdmin(project, entity);
  const head = `@AdminFor(${entity.className}, `;
  const decorator =
    taken === undefined ? callWith(head, adminOptionsOf(propertiesOf(project, entity)), ')') : `${head}${taken})`;
  const imports = new Imports()
    .add('bowerbird', 'AdminFor', 'ModelAdmin')
    .add(specifier(path, entity.path), entity.className);
  return `${imports.toString()}\n${decorator}\nexport class ${className} extends ModelAdmin<${entity.className}> {}\n`;
}

function writeTest(project: Project, { app, file }: Target, { className }: EntitySource): readonly string[] {
  const [one, many] = [spoken(className), plural(spoken(className))];
  const address = `/admin/${app.name}/${className.toLowerCase()}/`;
  return writeAppTest(project, app, `${file}.admin`, {
    imports: [],
    tests: [
      [
        `it('lists ${many} for staff alone', async () => {\n`,
        '  const staff = await app.login();\n',
        `  expect((await staff.get('${address}')).status).toBe(200);\n`,
        `  expect((await app.client().get('${address}')).location).toContain('/accounts/login/');\n`,
        '});\n',
      ].join(''),
      [
        `it('has a form for a new ${one}', async () => {\n`,
        '  const staff = await app.login();\n',
        `  expect((await staff.get('${address}add/')).status).toBe(200);\n`,
        '});\n',
      ].join(''),
    ],
  });
}
