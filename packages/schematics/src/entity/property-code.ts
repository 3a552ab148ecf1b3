import { quoted } from '../code/literals.js';
import { enumName, memberOf } from './enum-code.js';
import { type Entries } from './field-kinds.js';
import { type ChoiceSpec, type FieldSpec, type RelationSpec, type ValueSpec } from './field-spec.js';

/** A property of a generated class. */
export interface PropertyCode {
  readonly name: string;
  /** Code of the decorators, in the order in which they stand. */
  readonly decorators: readonly string[];
  readonly type: string;
  /** Names that it needs from packages, by module. */
  readonly needs: readonly (readonly [module: string, name: string])[];
}

const RELATIONS: Readonly<Record<RelationSpec['relation'], { readonly decorator: string; readonly owner?: string }>> = {
  relation: { decorator: 'ManyToOne' },
  one: { decorator: 'OneToOne', owner: 'JoinColumn' },
  many: { decorator: 'ManyToMany', owner: 'JoinTable' },
};

/** The property of an entity for a field. */
export function propertyCode(entity: string, field: FieldSpec): PropertyCode {
  if (field.is === 'relation') return relationCode(field);
  return field.is === 'choice' ? choiceCode(entity, field) : valueCode(field);
}

/** A property as the lines of a class. */
export function printProperty({ name, decorators, type }: PropertyCode): string {
  return `${decorators.map((each) => `  ${each}\n`).join('')}  ${name}: ${type};\n`;
}

function valueCode(field: ValueSpec): PropertyCode {
  const { kind, args, optional } = field;
  const own = kind.column(args);
  const typed = own.some(([name]) => name === 'type');
  const column: Entries = [
    ...(optional && !typed && kind.constructorName ? [['type', kind.constructorName] as const] : []),
    ...own,
    ...options(field, fallbackOf(field)),
  ];
  return {
    name: field.name,
    decorators: [
      `@Column(${object(column)})`,
      ...(field.index ? ['@Index()'] : []),
      ...(kind.validator ? [`@${kind.validator}()`] : []),
      ...(kind.format ? [`@Field({ format: ${quoted(kind.format)} })`] : []),
    ],
    type: optional ? `${kind.type} | null` : kind.type,
    needs: [
      ['typeorm', 'Column'],
      ...(field.index ? [['typeorm', 'Index'] as const] : []),
      ...(kind.validator ? [['class-validator', kind.validator] as const] : []),
      ...(kind.format ? [['bowerbird', 'Field'] as const] : []),
    ],
  };
}

function choiceCode(entity: string, field: ChoiceSpec): PropertyCode {
  const { className } = enumName(entity, field);
  const fallback = field.fallback === undefined ? undefined : `${className}.${memberOf(field.fallback)}`;
  const column: Entries = [['type', "'simple-enum'"], ['enum', className], ...options(field, fallback)];
  return {
    name: field.name,
    decorators: [`@Column(${object(column)})`, ...(field.index ? ['@Index()'] : [])],
    type: field.optional ? `${className} | null` : className,
    needs: [['typeorm', 'Column'], ...(field.index ? [['typeorm', 'Index'] as const] : [])],
  };
}

function relationCode({ name, relation, target, optional }: RelationSpec): PropertyCode {
  const { decorator, owner } = RELATIONS[relation];
  const className = target.split('.').at(-1)!;
  const said = optional ? "{ nullable: true, onDelete: 'SET NULL' }" : '{ nullable: false }';
  const many = relation === 'many';
  return {
    name,
    decorators: [
      many ? `@${decorator}(() => ${className})` : `@${decorator}(() => ${className}, ${said})`,
      ...(owner ? [`@${owner}()`] : []),
      ...(many && optional ? ['@Field({ blank: true })'] : []),
    ],
    type: many ? `Relation<${className}>[]` : `Relation<${className}>${optional ? ' | null' : ''}`,
    needs: [
      ['typeorm', decorator],
      ['typeorm', 'type Relation'],
      ...(owner ? [['typeorm', owner] as const] : []),
      ...(many && optional ? [['bowerbird', 'Field'] as const] : []),
    ],
  };
}

/** What every column may say, in the order of the tutorial. */
function options({ unique, optional }: FieldSpec, fallback: string | undefined): Entries {
  return [
    ...(unique ? [['unique', 'true'] as const] : []),
    ...(optional ? [['nullable', 'true'] as const] : []),
    ...(fallback === undefined ? [] : [['default', fallback] as const]),
  ];
}

/** Booleans are false where nobody says, as a box that nobody has ticked. */
function fallbackOf({ kind, fallback, optional }: ValueSpec): string | undefined {
  if (fallback !== undefined) return kind.quotesFallback ? quoted(fallback) : fallback;
  return kind.type === 'boolean' && !optional ? 'false' : undefined;
}

function object(entries: Entries): string {
  return entries.length === 0 ? '' : `{ ${entries.map(([name, code]) => `${name}: ${code}`).join(', ')} }`;
}
