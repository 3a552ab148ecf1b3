import { posix } from 'node:path';

import { listOptionsOf } from '../code/admin-options.js';
import { Imports } from '../code/imports.js';
import { callWith, quoted } from '../code/literals.js';
import { propertiesOf } from '../entity/entity-fields.js';
import { kebab, plural, spoken, withArticle } from '../names/words.js';
import { addController } from '../project/app-edits.js';
import { entityOf, type EntitySource } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';

/** Writes a viewset of an entity with a test, and lists it among the controllers of its app. */
export function generateViewSet(project: Project, options: PartOptions): readonly string[] {
  const target = targetOf(project, options, 'an entity');
  const { app, file } = target;
  const entity = entityOf(project, app, target.className);
  const className = `${entity.className}ViewSet`;
  const path = posix.join(app.folder, `${file}.viewset.ts`);
  const serializer = posix.join(app.folder, `${file}.serializer.ts`);
  project.create(path, viewSetCode(project, entity, path, project.has(serializer) ? serializer : undefined));
  if (options.skipImport === true) return [];
  addController(project, app, className, path);
  return options.spec === false ? [] : writeTest(project, target, entity);
}

/** The rule that the devkit runs. */
export const main = ruleOf<PartOptions>(generateViewSet);

/** @param serializer the file of the entity's serializer; without one, the viewset names its fields itself. */
function viewSetCode(project: Project, entity: EntitySource, path: string, serializer: string | undefined): string {
  const { className } = entity;
  const properties = propertiesOf(project, entity);
  const imports = new Imports()
    .add('bowerbird/api', 'ModelViewSet', 'ViewSet')
    .add(specifier(path, entity.path), className);
  if (serializer !== undefined) imports.add(specifier(path, serializer), `${className}Serializer`);
  const shown: readonly [string, string | readonly string[]] =
    serializer === undefined
      ? ['fields', ['id', ...properties.map(({ name }) => name)]]
      : ['serializer', `${className}Serializer`];
  const entries = [['path', quoted(addressOf(className))] as const, shown, ...listOptionsOf(properties)];
  const decorator = callWith(`@ViewSet(${className}, `, entries, ')');
  return `${imports.toString()}\n${decorator}\nexport class ${className}ViewSet extends ModelViewSet<${className}> {}\n`;
}

/** `product-reviews` */
function addressOf(className: string): string {
  return kebab(plural(spoken(className)));
}

function writeTest(project: Project, { app, file }: Target, entity: EntitySource): readonly string[] {
  const { className } = entity;
  const address = `/api/${addressOf(className)}`;
  const json = "{ headers: { accept: 'application/json' } }";
  return writeAppTest(project, app, `${file}.viewset`, {
    imports: [
      ['bowerbird/testing', 'factory'],
      [specifier(testPath(project, app, `${file}.viewset`), entity.path), className],
    ],
    tests: [
      [
        `it('shows ${withArticle(spoken(className))} to those who may see it', async () => {\n`,
        `  const { id } = await factory(${className}).using(app).create();\n`,
        '  const staff = await app.login();\n',
        `  const shown = await staff.get(\`${address}/\${id}\`, ${json});\n`,
        '  expect(shown.json()).toMatchObject({ id });\n',
        '});\n',
      ].join(''),
      [
        "it('shows nothing to visitors', async () => {\n",
        `  const page = await app.client().get('${address}', ${json});\n`,
        '  expect(page.status).toBe(401);\n',
        '});\n',
      ].join(''),
    ],
  });
}
