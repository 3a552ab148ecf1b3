import { Imports } from '../code/imports.js';
import { listCode } from '../code/literals.js';
import { WIDTH } from '../syntax/source-text.js';
import { type FormField } from './form-code.js';

/** The test of a form with fields of its own. */
export function formTestCode(className: string, module: string, fields: readonly FormField[]): string {
  const imports = new Imports().add('vitest', 'expect', 'it').add(module, className);
  const missing = fields.filter(({ required }) => required).map(({ name }) => name);
  const tests = [completeTest(className, fields), ...(missing.length > 0 ? [missingTest(className, missing)] : [])];
  return [imports.toString(), ...tests].join('\n');
}

function completeTest(className: string, fields: readonly FormField[]): string {
  const values = fields.map(({ name, example }) => `${name}: ${example}`);
  const flat = `  const form = new ${className}({ data: { ${values.join(', ')} } });`;
  const lines = values.map((value) => `      ${value},\n`).join('');
  const open = `  const form = new ${className}({\n    data: {\n${lines}    },\n  });`;
  return [
    "it('takes what is complete', async () => {",
    flat.length <= WIDTH ? flat : open,
    '  expect(await form.isValid()).toBe(true);',
    '});\n',
  ].join('\n');
}

function missingTest(className: string, missing: readonly string[]): string {
  return [
    "it('says what is missing', async () => {",
    `  const form = new ${className}({ data: {} });`,
    '  expect(await form.isValid()).toBe(false);',
    listCode('  expect(form.errors.fields()).toEqual(', missing, ');'),
    '});\n',
  ].join('\n');
}
