import { NoteKey } from '#core';

import { type ColumnTypes, type FieldFormat, type PairNames } from './entity-description.js';

/** One allowed value and what people read for it. */
export interface ChoiceOption {
  readonly value: string | number | boolean;
  readonly label: string;
}

/** What `@Field` adds to `@Column` or to a relation. */
export interface FieldOptions {
  /** What people read; made from the property name when absent. */
  readonly label?: string;
  /** One sentence shown beside the input. */
  readonly help?: string;
  /** Allowed values: `['draft', 'live']`, `{ draft: 'Draft' }` or `[{ value, label }]`. */
  readonly choices?: readonly (string | number | ChoiceOption)[] | Readonly<Record<string, string>>;
  /** What the text means; chooses widgets and validators. */
  readonly format?: FieldFormat;
  /** Whether forms accept an empty value. */
  readonly blank?: boolean;
  /** Whether forms may change it; false for generated values and for columns with `select: false`. */
  readonly editable?: boolean;
  /** Whether its value must never be logged, audited or shown; true for passwords and columns with `select: false`. */
  readonly sensitive?: boolean;
  /** The exact column type on some databases, where it is not the usual one: `{ mysql: 'smallint unsigned' }`. */
  readonly types?: ColumnTypes;
  /** False leaves the columns of a reference without the index that foreign keys get. */
  readonly index?: boolean;
  /** Names in the table of pairs of a many-to-many relation, where they are not those that TypeORM gives. */
  readonly pairs?: PairNames;
}

/** The notes of {@link Field}, kept per property. */
export const FIELD_NOTE = new NoteKey<FieldOptions>('field');
/** The properties of a class that carry {@link Field}. */
const FIELD_NAMES = new NoteKey<readonly string[]>('field names');

/** Describes one property of an entity for people. Stands beside `@Column` or a relation decorator. */
export function Field(options: FieldOptions): PropertyDecorator {
  return (target, property) => {
    FIELD_NOTE.write(target, options, property);
    NoteKey.append(FIELD_NAMES, target.constructor, String(property));
  };
}

/** The properties of a class, inherited ones included, that carry {@link Field}. */
export function notedFields(target: object): readonly string[] {
  return FIELD_NAMES.read(target) ?? [];
}
