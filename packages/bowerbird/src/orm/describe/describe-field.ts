import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type AnyClass } from '#core';

import { encryptionOf } from '../model/casts/encrypted.decorator.js';
import { positionNotes } from '../model/positions/position.decorator.js';
import { describedRange } from './column-range.js';
import {
  type Choice,
  type FieldDescription,
  type FieldFormat,
  type FieldKind,
  type GeneratedValue,
  type ValidatorDescription,
} from './entity-description.js';
import { FIELD_NOTE, type ChoiceOption, type FieldOptions } from './field.decorator.js';
import { humanize } from './names.js';
import { enumValues, isComputedLate, kindOf, meansNow, nativeTypeOf } from './portable-columns.js';

/** Where a property is declared: the entity itself, or the embedded class that holds it. */
export interface PropertySource {
  readonly owner: AnyClass;
  readonly note: FieldOptions;
  readonly validators: readonly ValidatorDescription[];
}

type ValidatorsOf = (owner: AnyClass) => ReadonlyMap<string, readonly ValidatorDescription[]>;

/** Validators of class-validator that say what a text means. */
const FORMATS: Readonly<Record<string, FieldFormat>> = {
  isEmail: 'email',
  isUrl: 'url',
  isPhoneNumber: 'phone',
  isMobilePhone: 'phone',
  isHexColor: 'color',
};

/** What decorators say of a property beside its column. */
export function sourceOf(
  target: AnyClass,
  embedded: AnyClass | undefined,
  property: string,
  validatorsOf: ValidatorsOf,
): PropertySource {
  const owner = embedded ?? target;
  return {
    owner,
    note: FIELD_NOTE.read(owner.prototype as object, property) ?? {},
    validators: Object.freeze([...(validatorsOf(owner).get(property) ?? [])]),
  };
}

/** Describes one column. */
export function describeField(column: ColumnMetadata, { owner, note, validators }: PropertySource): FieldDescription {
  const kind = kindOf(column);
  const format = note.format ?? formatOf(validators);
  const generated = generatedBy(column);
  const value = defaultOf(column, kind);
  const choices = choicesOf(note.choices, column);
  const { precision, scale } = digitsOf(column, kind);
  const length = Number(column.length) || undefined;
  const nativeType = nativeTypeOf(column);
  const range = describedRange(column, kind);
  const encrypted = encryptionOf(column) ? (true as const) : false;
  return Object.freeze({
    path: column.propertyPath,
    column: column.databaseName,
    kind,
    ...(format && { format }),
    label: note.label ?? humanize(column.propertyName),
    help: note.help ?? '',
    nullable: column.isNullable,
    blank: note.blank ?? (column.isNullable || kind === 'boolean' || value === '' || hasOptional(validators)),
    default: value,
    ...(nativeType !== undefined && { nativeType }),
    ...(note.types && { types: Object.freeze({ ...note.types }) }),
    ...(length && (kind === 'string' || kind === 'enum' || kind === 'binary') && { length }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(range && { range }),
    ...(choices && { choices }),
    primary: column.isPrimary,
    generated,
    unique: isUnique(column),
    editable: note.editable ?? (!generated && isEntered(column) && !isPosition(column, owner)),
    // What queries leave out is most often a secret; a long text that is none says `sensitive: false`.
    sensitive: encrypted || (note.sensitive ?? (format === 'password' || !column.isSelect)),
    selected: column.isSelect,
    validators,
    comment: column.comment ?? '',
    ...(column.relationMetadata && { relation: column.relationMetadata.propertyPath }),
    ...(column.asExpression && {
      expression: column.asExpression,
      ...(isComputedLate(column) && { virtual: true as const }),
    }),
    ...(encrypted && { encrypted }),
    transformed: column.transformer !== undefined,
  });
}

function formatOf(validators: readonly ValidatorDescription[]): FieldFormat | undefined {
  return validators.map(({ name }) => FORMATS[name]).find((format) => format !== undefined);
}

function hasOptional(validators: readonly ValidatorDescription[]): boolean {
  return validators.some(({ name }) => name === 'isOptional');
}

function generatedBy(column: ColumnMetadata): GeneratedValue {
  if (column.isCreateDate) return 'created';
  if (column.isUpdateDate) return 'updated';
  if (column.isDeleteDate) return 'deleted';
  if (column.isVersion) return 'version';
  if (column.asExpression) return 'expression';
  if (!column.isGenerated) return false;
  return column.generationStrategy === 'uuid' ? 'uuid' : 'increment';
}

/** Whether people may be asked for it: a column that queries leave out would come back empty from a form. */
function isEntered({ isInsert, isUpdate, isSelect, relationMetadata }: ColumnMetadata): boolean {
  return isInsert && isUpdate && isSelect && !relationMetadata;
}

/** Whether it says where the row stands, which is set by moving it. */
function isPosition({ propertyName }: ColumnMetadata, owner: AnyClass): boolean {
  return positionNotes(owner).some(({ property }) => property === propertyName);
}

/** A literal, `{ sql }` with one spelling of the present moment for all databases, or undefined. */
function defaultOf(column: ColumnMetadata, kind: FieldKind): unknown {
  const given = column.default as unknown;
  if (typeof given !== 'function') return Object.freeze(given ?? undefined);
  const sql = String((given as () => unknown)());
  return Object.freeze({ sql: kind === 'datetime' && meansNow(sql) ? 'CURRENT_TIMESTAMP' : sql });
}

function digitsOf(
  { precision, scale }: ColumnMetadata,
  kind: FieldKind,
): { readonly precision?: number; readonly scale?: number } {
  if (kind === 'decimal') return { precision: precision ?? undefined, scale: scale ?? 0 };
  const fewer = kind === 'datetime' && typeof precision === 'number' && precision < 3;
  return fewer ? { precision } : {};
}

function choicesOf(given: FieldOptions['choices'], column: ColumnMetadata): readonly Choice[] | undefined {
  const options = given ?? enumValues(column);
  if (!options) return undefined;
  const list: readonly (string | number | ChoiceOption)[] = Array.isArray(options)
    ? (options as readonly (string | number | ChoiceOption)[])
    : Object.entries(options as Record<string, string>).map(([value, label]) => ({ value, label }));
  return Object.freeze(list.map(choiceOf));
}

function choiceOf(option: string | number | ChoiceOption): Choice {
  if (typeof option === 'object') return Object.freeze({ value: option.value, label: option.label });
  return Object.freeze({ value: option, label: humanize(String(option)) });
}

function isUnique(column: ColumnMetadata): boolean {
  const { entityMetadata } = column;
  const alone = (columns: readonly ColumnMetadata[]): boolean => columns.length === 1 && columns[0] === column;
  return (
    alone(entityMetadata.primaryColumns) ||
    entityMetadata.uniques.some(({ columns }) => alone(columns)) ||
    entityMetadata.indices.some(({ columns, isUnique, where }) => isUnique && !where && alone(columns))
  );
}
