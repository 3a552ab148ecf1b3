import { Imports } from '../code/imports.js';
import { quoted } from '../code/literals.js';
import { type Entries } from '../entity/field-kinds.js';
import { type FieldSpec } from '../entity/field-spec.js';
import { SchematicError } from '../schematic-error.js';

/** A field of a generated form. */
export interface FormField {
  readonly name: string;
  /** `fields.text({ maxLength: 200 })` */
  readonly code: string;
  /** A value that a visitor could enter, as code. */
  readonly example: string;
  /** Whether the form says that it is missing. */
  readonly required: boolean;
}

/** The fields of a form. @throws SchematicError for fields that forms do not have by themselves */
export function formFields(fields: readonly FieldSpec[]): readonly FormField[] {
  return fields.map((field) => {
    if (field.is === 'relation' || (field.is === 'value' && !field.kind.form)) {
      throw new SchematicError(
        `"${field.name}" needs more than a generated form can know`,
        'Generate the form of an entity, with --entity Product, or add the field by hand',
      );
    }
    return field.is === 'choice' ? choiceField(field) : valueField(field);
  });
}

/** The file of a form with fields of its own. */
export function formCode(className: string, fields: readonly FormField[]): string {
  const imports = new Imports().add('bowerbird/forms', 'Form', 'fields');
  const lines = fields.map(({ name, code }) => `  ${name} = ${code};\n`);
  return `${imports.toString()}\nexport class ${className} extends Form {\n${lines.join('')}}\n`;
}

function choiceField({ name, values, optional }: Extract<FieldSpec, { is: 'choice' }>): FormField {
  const choices = `[${values.map(quoted).join(', ')}]`;
  const code = `fields.choice(${object([['choices', choices], ...said(optional)])})`;
  return { name, code, example: quoted(values[0]!), required: !optional };
}

function valueField({ name, kind, args, optional }: Extract<FieldSpec, { is: 'value' }>): FormField {
  const { factory, options, example } = kind.form!;
  // A box that nobody has ticked is no mistake.
  const required = !optional && factory !== 'boolean';
  const entries = [...options(args), ...(factory === 'boolean' ? [] : said(optional))];
  return { name, code: `fields.${factory}(${object(entries)})`, example, required };
}

function said(optional: boolean): Entries {
  return optional ? [['required', 'false']] : [];
}

function object(entries: Entries): string {
  return entries.length === 0 ? '' : `{ ${entries.map(([name, code]) => `${name}: ${code}`).join(', ')} }`;
}
