import { adminOptions } from '../code/admin-options.js';
import { Imports } from '../code/imports.js';
import { callWith } from '../code/literals.js';
import { type FieldSpec } from './field-spec.js';
import { printProperty, propertyCode } from './property-code.js';

/** An entity to write. */
export interface EntityPlan {
  readonly className: string;
  readonly fields: readonly FieldSpec[];
  /** Where the classes of relations and enums are imported from, by name; not those of the file itself. */
  readonly modules: ReadonlyMap<string, string>;
  /** Whether the admin shows it. */
  readonly admin: boolean;
}

/** The file of an entity, as the tutorial writes them. */
export function entityCode({ className, fields, modules, admin }: EntityPlan): string {
  const properties = fields.map((field) => propertyCode(className, field));
  const imports = new Imports().add('typeorm', 'Entity', 'PrimaryGeneratedColumn');
  if (admin) imports.add('bowerbird', 'Admin');
  for (const [module, name] of properties.flatMap(({ needs }) => needs)) imports.add(module, name);
  for (const [name, module] of modules) imports.add(module, name);
  const head = admin ? `${callWith('@Admin(', adminOptions(fields), ')')}\n` : '';
  const members = ['  @PrimaryGeneratedColumn()\n  id: number;\n', ...properties.map(printProperty)];
  return `${imports.toString()}\n@Entity()\n${head}export class ${className} {\n${members.join('\n')}}\n`;
}
