import { posix } from 'node:path';

import { Imports } from '../code/imports.js';
import { callWith } from '../code/literals.js';
import { propertiesOf } from '../entity/entity-fields.js';
import { addProvider } from '../project/app-edits.js';
import { entityOf, type EntitySource } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';

/** Writes a serializer of an entity with a test, and lists it among the providers of its app. */
export function generateSerializer(project: Project, options: PartOptions): readonly string[] {
  const target = targetOf(project, options, 'an entity');
  const { app, file } = target;
  const entity = entityOf(project, app, target.className);
  const className = `${entity.className}Serializer`;
  const path = posix.join(app.folder, `${file}.serializer.ts`);
  const fields = ['id', ...propertiesOf(project, entity).map(({ name }) => name)];
  const imports = new Imports()
    .add('bowerbird/api', 'ModelSerializer', 'Serializer')
    .add(specifier(path, entity.path), entity.className);
  const decorator = callWith(`@Serializer(${entity.className}, `, [['fields', fields]], ')');
  const base = `ModelSerializer<${entity.className}>`;
  project.create(path, `${imports.toString()}\n${decorator}\nexport class ${className} extends ${base} {}\n`);
  if (options.skipImport === true) return [];
  addProvider(project, app, className, path);
  return options.spec === false ? [] : writeTest(project, { ...target, className }, path, entity);
}

/** The rule that the devkit runs. */
export const main = ruleOf<PartOptions>(generateSerializer);

function writeTest(
  project: Project,
  { app, file, className }: Target,
  path: string,
  entity: EntitySource,
): readonly string[] {
  return writeAppTest(project, app, `${file}.serializer`, {
    imports: [
      ['bowerbird/api', 'Serializers'],
      [specifier(testPath(project, app, `${file}.serializer`), path), className],
    ],
    tests: [
      [
        `it('is known to write ${entity.className}', () => {\n`,
        `  expect(app.get(Serializers).of(${className}).entity.name).toBe('${entity.className}');\n`,
        '});\n',
      ].join(''),
    ],
  });
}
