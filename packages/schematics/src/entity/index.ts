import { posix } from 'node:path';

import { plural, spoken, withArticle } from '../names/words.js';
import { addEntity, exportFromDoor } from '../project/app-edits.js';
import { type AppSource } from '../project/apps.js';
import { entitiesOf, FRAMEWORK_ENTITIES, meantEntity, moduleFor } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { fieldTexts, targetOf, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';
import { entityCode } from './entity-code.js';
import { enumCode, enumName } from './enum-code.js';
import { parseFields, type FieldSpec, type RelationSpec } from './field-spec.js';

/** The options of its schema. */
export interface EntityOptions extends PartOptions {
  /** Whether the admin shows it; true unless said otherwise. */
  readonly admin?: boolean;
}

/** Writes an entity with its enums and a test, and lists it in its app. */
export function generateEntity(project: Project, options: EntityOptions): readonly string[] {
  const target = targetOf(project, options, 'an entity');
  const { app, className, file } = target;
  const path = posix.join(app.folder, `${file}.entity.ts`);
  refuseTwice(project, app, className, path);
  const given = fieldTexts(options);
  const fields = parseFields(given.length > 0 ? given : ['name:string']);
  const modules = modulesOf(project, target, path, fields);
  for (const field of fields) {
    if (field.is !== 'choice') continue;
    const name = enumName(className, field);
    project.create(posix.join(app.folder, `${name.file}.ts`), enumCode(name, field));
  }
  project.create(path, entityCode({ className, fields, modules, admin: options.admin ?? true }));
  if (options.skipImport !== true) {
    addEntity(project, app, className, path);
    exportFromDoor(project, app, className, path);
  }
  const notes = options.spec === false || options.skipImport === true ? [] : writeTest(project, target, path, options);
  return [...notes, 'Next: makemigrations and migrate, which make its table.'];
}

/** The rule that the devkit runs. */
export const main = ruleOf<EntityOptions>(generateEntity);

function refuseTwice(project: Project, app: AppSource, className: string, path: string): void {
  const other = entitiesOf(project, app).find((entity) => entity.className === className && entity.path !== path);
  if (other) {
    throw new SchematicError(`The app "${app.name}" has an entity ${className} already, in ${other.path}`);
  }
}

/** Where the entity imports the classes of its relations and enums from. */
function modulesOf(
  project: Project,
  { app, className }: Target,
  path: string,
  fields: readonly FieldSpec[],
): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const field of fields) {
    if (field.is === 'choice') {
      const name = enumName(className, field);
      modules.set(name.className, `./${name.file}.js`);
    } else if (field.is === 'relation' && !isItself(field, className, app)) {
      modules.set(field.target.split('.').at(-1)!, relationModule(project, field, app, path));
    }
  }
  return modules;
}

/** Whether a relation leads to the entity that is being written. @throws SchematicError where no row could be the first */
function isItself({ target, name, relation, optional }: RelationSpec, className: string, app: AppSource): boolean {
  if (target !== className && target !== `${app.name}.${className}`) return false;
  if (relation !== 'many' && !optional) {
    throw new SchematicError(
      `"${name}" must be optional: the first ${className} has no other to refer to`,
      `${name}:${relation}(${className}):optional`,
    );
  }
  return true;
}

function relationModule(project: Project, { target }: RelationSpec, app: AppSource, path: string): string {
  const known = Object.hasOwn(FRAMEWORK_ENTITIES, target) ? FRAMEWORK_ENTITIES[target] : undefined;
  return known ?? moduleFor(project, path, meantEntity(project, target, app).path);
}

function writeTest(
  project: Project,
  { app, className, file }: Target,
  path: string,
  options: EntityOptions,
): readonly string[] {
  const name = spoken(className);
  const store = [
    `it('stores ${withArticle(name)}', async () => {\n`,
    `  const { id } = await factory(${className}).using(app).create();\n`,
    `  expect(await app.objects(${className}).filter({ id }).count()).toBe(1);\n`,
    '});\n',
  ].join('');
  const show = [
    `it('shows ${plural(name)} in the admin', async () => {\n`,
    '  const staff = await app.login();\n',
    `  expect((await staff.get('/admin/${app.name}/${className.toLowerCase()}/')).status).toBe(200);\n`,
    '});\n',
  ].join('');
  const test = testPath(project, app, `${file}.entity`);
  return writeAppTest(project, app, `${file}.entity`, {
    imports: [
      ['bowerbird/testing', 'factory'],
      [specifier(test, path), className],
    ],
    tests: (options.admin ?? true) ? [store, show] : [store],
  });
}
