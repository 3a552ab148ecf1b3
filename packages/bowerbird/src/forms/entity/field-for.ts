import { type EntityDescription, type FieldDescription, type RelationDescription } from '#orm';

import { BooleanField, NullableBooleanField } from '../fields/boolean-fields.js';
import { ChoiceField, type FormChoice } from '../fields/choice-fields.js';
import { DateField, DateTimeField, TimeField } from '../fields/date-fields.js';
import { type Field, type FieldOptions } from '../fields/field.js';
import { FileField, ImageField } from '../fields/file-fields.js';
import { JsonField } from '../fields/json-field.js';
import { BigIntField, DecimalField, FloatField, IntegerField } from '../fields/number-fields.js';
import { RelationField, RelationsField } from '../fields/relation-fields.js';
import {
  ColorField,
  EmailField,
  PasswordField,
  PhoneField,
  SlugField,
  TextareaField,
  TextField,
  UrlField,
  UuidField,
  type TextOptions,
} from '../fields/text-fields.js';
import { isConditional, validatorOf, type RuledField } from '../validation/entity-rules.js';
import { type Messages } from '../validation/field-issue.js';
import { PasswordInput } from '../widgets/input-widgets.js';
import { isWriteOnly } from './write-only.js';

/** Options that a form gives over what the description says. */
export type FieldOverrides = Partial<FieldOptions<never>> & Readonly<Record<string, unknown>>;

type Make = (options: never, field: FieldDescription, entity: EntityDescription) => Field;
type AnyFieldClass = new (options: never) => Field;

const as =
  (type: unknown): Make =>
  (options) =>
    new (type as AnyFieldClass)(options);

const file =
  (type: unknown): Make =>
  (options, { length, nullable }, { app, name }) =>
    new (type as AnyFieldClass)({
      folder: `${app}/${name.toLowerCase()}/`,
      ...(length && { maxLength: length }),
      nullable,
      ...(options as object),
    } as never);

/** What text of a format is entered with. */
const BY_FORMAT: Readonly<Record<NonNullable<FieldDescription['format']>, Make>> = {
  email: as(EmailField),
  url: as(UrlField),
  slug: as(SlugField),
  file: file(FileField),
  image: file(ImageField),
  password: as(PasswordField),
  color: as(ColorField),
  phone: as(PhoneField),
  markdown: as(TextareaField),
  html: as(TextareaField),
};

/** What a kind of column is entered with. Binary columns are not entered. */
const BY_KIND: Readonly<Record<FieldDescription['kind'], Make | null>> = {
  string: as(TextField),
  text: as(TextareaField),
  integer: as(IntegerField),
  bigint: as(BigIntField),
  float: as(FloatField),
  decimal: as(DecimalField),
  boolean: (options, { nullable }) => new (nullable ? NullableBooleanField : BooleanField)(options),
  date: as(DateField),
  time: as(TimeField),
  datetime: as(DateTimeField),
  uuid: as(UuidField),
  json: as(JsonField),
  enum: as(TextField),
  binary: null,
};

/** The form field for a column of an entity; undefined for columns that cannot be entered. */
export function fieldFor(
  entity: EntityDescription,
  field: FieldDescription,
  overrides: FieldOverrides = {},
): Field | undefined {
  const isText = field.kind === 'string' || field.kind === 'text';
  const make = field.format && isText ? BY_FORMAT[field.format] : BY_KIND[field.kind];
  if (!make) return undefined;
  const options = { ...commonOptions(field), ...kindOptions(field), ...overrides };
  if (field.choices && field.kind !== 'json') return choiceField(field, options);
  return make(options as never, field, entity);
}

/** The form field for a relation: one row, or several for many-to-many; undefined for relations held by other tables. */
export function fieldForRelation(relation: RelationDescription, overrides: FieldOverrides = {}): Field | undefined {
  const many = relation.kind === 'many-to-many';
  if (!many && !(relation.owning && /^(many|one)-to-one$/.test(relation.kind))) return undefined;
  const { label, help, target } = relation;
  const options = {
    label,
    help,
    required: many ? !relation.blank && !relation.nullable && hasMinimum(relation) : !relation.blank,
    ...overrides,
    target,
  };
  return many ? new RelationsField(options) : new RelationField(options);
}

/** Whether a rule asks for at least one row of a many-to-many relation. */
function hasMinimum({ validators }: RelationDescription): boolean {
  return validators.some(({ name }) => name === 'arrayNotEmpty' || name === 'arrayMinSize' || name === 'isNotEmpty');
}

/** Whether the database fills the column by itself. */
export function hasSqlDefault({ default: value }: FieldDescription): boolean {
  return typeof value === 'object' && value !== null && 'sql' in value;
}

function commonOptions(field: FieldDescription): FieldOptions<never> {
  const { label, help, blank, default: value } = field;
  const validator = validatorOf(withoutControlRules(field));
  const must = field.validators.some(({ name }) => name === 'isNotEmpty');
  const optional = (blank && !must) || hasSqlDefault(field) || field.kind === 'boolean';
  return {
    label,
    help,
    required: !optional,
    ...(value !== undefined && value !== null && !hasSqlDefault(field) && { initial: value as never }),
    ...(validator && { validators: [validator] }),
    ...(isWriteOnly(field) && { widget: new PasswordInput({ autocomplete: 'new-password' }) }),
    messages: ownMessages(field),
  };
}

/** Rules that fields know as options, so that browsers can help; the others run as validators. */
const CONTROL_RULES: Readonly<Record<string, string>> = {
  minLength: 'min_length',
  maxLength: 'max_length',
  min: 'min_value',
  max: 'max_value',
};

function withoutControlRules(field: FieldDescription): RuledField {
  const conditional = isConditional(field);
  const validators = conditional
    ? field.validators
    : field.validators.filter(({ name, each }) => each || !(name in CONTROL_RULES));
  return { path: field.path, kind: field.kind, validators };
}

function ownMessages({ validators }: FieldDescription): Messages {
  return Object.fromEntries(
    validators
      .filter(({ name, message }) => name in CONTROL_RULES && message !== undefined)
      .map(({ name, message, args }) => [
        CONTROL_RULES[name]!,
        message!.replaceAll('$constraint1', String(args[0] as number)),
      ]),
  );
}

function ruleArgument(field: FieldDescription, name: string): number | undefined {
  if (isConditional(field)) return undefined;
  const [value] = field.validators.find((rule) => rule.name === name && !rule.each)?.args ?? [];
  return typeof value === 'number' ? value : undefined;
}

function kindOptions(field: FieldDescription): object {
  if (field.kind === 'string' || field.kind === 'text' || field.kind === 'enum') return textOptions(field);
  if (field.kind === 'decimal') return { ...bounds(field), precision: field.precision, scale: field.scale };
  return /^(integer|float|bigint)$/.test(field.kind) ? bounds(field) : {};
}

/** What the rules of a field allow, within what its column holds. */
function bounds(field: FieldDescription): object {
  const { range: [least, most] = [] } = field;
  const min = nearer(ruleArgument(field, 'min'), least, 1);
  const max = nearer(ruleArgument(field, 'max'), most, -1);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

/** The greater of two bounds, with a sign of -1 the less one. */
function nearer(
  rule: number | undefined,
  column: number | string | undefined,
  sign: 1 | -1,
): number | string | undefined {
  if (rule === undefined || column === undefined) return rule ?? column;
  return (rule - Number(column)) * sign >= 0 ? rule : column;
}

function textOptions(field: FieldDescription): TextOptions {
  const limits = [field.length ?? (field.kind === 'string' ? 255 : undefined), ruleArgument(field, 'maxLength')];
  const known = limits.filter((limit) => limit !== undefined);
  const minLength = ruleArgument(field, 'minLength');
  return {
    nullable: field.nullable,
    ...(known.length > 0 && { maxLength: Math.min(...known) }),
    ...(minLength !== undefined && { minLength }),
  };
}

function choiceField(field: FieldDescription, options: object): Field {
  const text = field.kind === 'string' || field.kind === 'text';
  const nullable = field.nullable || !text;
  return new ChoiceField({ ...options, nullable, choices: field.choices as readonly FormChoice[] } as never);
}
