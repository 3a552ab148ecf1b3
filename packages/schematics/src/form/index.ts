import { posix } from 'node:path';

import { Imports } from '../code/imports.js';
import { callWith, listOf } from '../code/literals.js';
import { propertiesOf, type EntityProperty } from '../entity/entity-fields.js';
import { parseFields } from '../entity/field-spec.js';
import { checkedClass } from '../names/checked-names.js';
import { spoken, withArticle } from '../names/words.js';
import { entityOf, type EntitySource } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { fieldTexts, targetOf, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';
import { formCode, formFields, type FormField } from './form-code.js';

/** The options of its schema. */
export interface FormOptions extends PartOptions {
  /** An entity of the app whose fields the form has. */
  readonly entity?: string;
}

/** Writes a form, of its own fields or of those of an entity, with a test. */
export function generateForm(project: Project, options: FormOptions): readonly string[] {
  const target = targetOf(project, { ...options, name: options.name?.replace(/[-_]?form$/i, '') || 'form' }, 'a form');
  const className = `${target.className}Form`;
  const path = posix.join(target.app.folder, `${target.file}.form.ts`);
  if (options.entity !== undefined) {
    return writeEntityForm(project, { ...target, form: className }, path, options);
  }
  const given = fieldTexts(options);
  const fields = formFields(parseFields(given.length > 0 ? given : ['name:string']));
  project.create(path, formCode(className, fields));
  if (options.spec !== false) writeTest(project, { ...target, className }, path, fields);
  return [];
}

/** The rule that the devkit runs. */
export const main = ruleOf<FormOptions>(generateForm);

/** Returns what to tell the user. */
function writeEntityForm(
  project: Project,
  target: Target & { readonly form: string },
  path: string,
  options: FormOptions,
): readonly string[] {
  if (fieldTexts(options).length > 0) {
    throw new SchematicError('The fields of this form are those of its entity', 'Leave out --entity, or the fields');
  }
  const entity = entityOf(project, target.app, checkedClass(options.entity, 'an entity').className);
  const properties = propertiesOf(project, entity);
  const head = `export class ${target.form} extends formClassFor(describe(${entity.className}), `;
  const imports = new Imports()
    .add('bowerbird/forms', 'formClassFor')
    .add('bowerbird/orm', 'describe')
    .add(specifier(path, entity.path), entity.className);
  const code = callWith(head, [['fields', properties.map(({ name }) => name)]], ') {}');
  project.create(path, `${imports.toString()}\n${code}\n`);
  // Only where something is surely needed is it known what an empty form says.
  return options.spec === false || !properties.some(isNeeded) ? [] : writeEntityTest(project, target, path, entity);
}

function isNeeded({ decorator, args, type }: EntityProperty): boolean {
  return decorator !== 'ManyToMany' && type !== 'boolean' && !/nullable: true|default:/.test(args);
}

function writeEntityTest(
  project: Project,
  { app, file, form }: Target & { readonly form: string },
  path: string,
  { className }: EntitySource,
): readonly string[] {
  return writeAppTest(project, app, `${file}.form`, {
    imports: [[specifier(testPath(project, app, `${file}.form`), path), form]],
    tests: [
      [
        `it('asks for what ${withArticle(spoken(className))} needs', async () => {\n`,
        `  const isValid = await app.run(() => new ${form}({ data: {} }).isValid());\n`,
        '  expect(isValid).toBe(false);\n',
        '});\n',
      ].join(''),
    ],
  });
}

function writeTest(
  project: Project,
  { app, file, className }: Target,
  path: string,
  fields: readonly FormField[],
): void {
  const test = testPath(project, app, `${file}.form`);
  const imports = new Imports().add('vitest', 'expect', 'it').add(specifier(test, path), className);
  const data = fields.map(({ name, example }) => `${name}: ${example}`).join(', ');
  const missing = fields.filter(({ required }) => required).map(({ name }) => name);
  const lines = [
    imports.toString(),
    "it('takes what is complete', async () => {",
    ...dataLines(className, data, fields),
    '  expect(await form.isValid()).toBe(true);',
    '});',
  ];
  if (missing.length > 0) {
    lines.push(
      '',
      "it('says what is missing', async () => {",
      `  const form = new ${className}({ data: {} });`,
      '  expect(await form.isValid()).toBe(false);',
      ...missingLines(missing),
      '});',
    );
  }
  project.create(test, `${lines.join('\n')}\n`);
}

function dataLines(className: string, data: string, fields: readonly FormField[]): readonly string[] {
  const line = `  const form = new ${className}({ data: { ${data} } });`;
  if (line.length <= 120) return [line];
  return [
    `  const form = new ${className}({`,
    '    data: {',
    ...fields.map(({ name, example }) => `      ${name}: ${example},`),
    '    },',
    '  });',
  ];
}

function missingLines(missing: readonly string[]): readonly string[] {
  const line = `  expect(form.errors.fields()).toEqual(${listOf(missing)});`;
  if (line.length <= 120) return [line];
  return ['  expect(form.errors.fields()).toEqual([', ...missing.map((name) => `    '${name}',`), '  ]);'];
}
