import { posix } from 'node:path';

import { parseFields } from '../entity/field-spec.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { fieldTexts, targetOf } from '../project/target.js';
import { testPath } from '../project/write-test.js';
import { generateEntityForm, type FormOptions } from './entity-form.js';
import { formCode, formFields } from './form-code.js';
import { formTestCode } from './form-test.js';

/** Writes a form, of its own fields or of those of an entity, with a test. */
export function generateForm(project: Project, options: FormOptions): readonly string[] {
  const target = targetOf(
    project,
    { ...options, name: options.name?.replace(/[-_]?forms?$/i, '') || 'form' },
    'a form',
  );
  if (options.entity !== undefined) return generateEntityForm(project, target, options);
  const className = `${target.className}Form`;
  const path = posix.join(target.app.folder, `${target.file}.form.ts`);
  const given = fieldTexts(options);
  const fields = formFields(parseFields(given.length > 0 ? given : ['name:string']));
  project.create(path, formCode(className, fields));
  if (options.spec === false) return [];
  const test = testPath(project, target.app, `${target.file}.form`);
  project.create(test, formTestCode(className, specifier(test, path), fields));
  return [];
}

/** The rule that the devkit runs. */
export const main = ruleOf<FormOptions>(generateForm);
