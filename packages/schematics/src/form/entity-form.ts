import { posix } from 'node:path';

import { Imports } from '../code/imports.js';
import { listCode } from '../code/literals.js';
import { propertiesOf, type EntityProperty } from '../entity/entity-fields.js';
import { checkedClass } from '../names/checked-names.js';
import { spoken, withArticle } from '../names/words.js';
import { addProvider } from '../project/app-edits.js';
import { entityOf, type EntitySource } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { fieldTexts, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';

/** The options of the schema. */
export interface FormOptions extends PartOptions {
  /** An entity of the app whose fields the form has. */
  readonly entity?: string;
}

/** Writes a provider that makes forms of an entity: what an entity is, is known when the application has booted. */
export function generateEntityForm(project: Project, target: Target, options: FormOptions): readonly string[] {
  if (fieldTexts(options).length > 0) {
    throw new SchematicError('The fields of this form are those of its entity', 'Leave out --entity, or the fields');
  }
  const { app, file } = target;
  const entity = entityOf(project, app, checkedClass(options.entity, 'an entity').className);
  const properties = propertiesOf(project, entity);
  const className = `${target.className}Forms`;
  const path = posix.join(app.folder, `${file}.forms.ts`);
  const names = properties.map(({ name }) => name);
  project.create(path, entityFormCode(className, entity, specifier(path, entity.path), names));
  if (options.skipImport === true) return [];
  addProvider(project, app, className, path);
  // Only where something is surely needed is it known what an empty form says.
  if (options.spec === false || !properties.some(isNeeded)) return [];
  return writeTest(project, { ...target, className }, path, entity);
}

function entityFormCode(
  className: string,
  { className: entity }: EntitySource,
  module: string,
  names: readonly string[],
): string {
  const imports = new Imports()
    .add('@nestjs/common', 'Injectable')
    .add('bowerbird/forms', 'formClassFor', 'type EntityForm', 'type EntityFormInput')
    .add('bowerbird/orm', 'Database')
    .add(module, entity);
  return [
    imports.toString(),
    '@Injectable()',
    `export class ${className} {`,
    `  private readonly form = formClassFor(this.database.describe(${entity}), {`,
    listCode('    fields: ', names, ','),
    '  });',
    '',
    '  constructor(private readonly database: Database) {}',
    '',
    `  create(input: EntityFormInput<${entity}> = {}): EntityForm<${entity}> {`,
    '    return new this.form(input);',
    '  }',
    '}\n',
  ].join('\n');
}

function isNeeded({ decorator, args, type }: EntityProperty): boolean {
  return decorator !== 'ManyToMany' && type !== 'boolean' && !/nullable: true|default:/.test(args);
}

function writeTest(
  project: Project,
  { app, file, className }: Target,
  path: string,
  entity: EntitySource,
): readonly string[] {
  return writeAppTest(project, app, `${file}.forms`, {
    imports: [[specifier(testPath(project, app, `${file}.forms`), path), className]],
    tests: [
      [
        `it('asks for what ${withArticle(spoken(entity.className))} needs', async () => {\n`,
        `  const isValid = await app.run(() => app.get(${className}).create({ data: {} }).isValid());\n`,
        '  expect(isValid).toBe(false);\n',
        '});\n',
      ].join(''),
    ],
  });
}
