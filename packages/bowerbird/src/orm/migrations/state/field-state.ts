import {
  type ColumnTypes,
  type Dialect,
  type FieldKind,
  type ForeignKeyRules,
  type GeneratedValue,
  type OnDelete,
  type PairKeyRules,
  type SqlText,
} from '../../describe/entity-description.js';

export type { SqlText };

/** An SQL expression where a literal could stand as well; it reaches the database as it is written. */
export interface SqlExpression {
  readonly sql: SqlText;
}

/** What a column can hold, without its name and without its rules. */
export interface ColumnType {
  readonly kind: FieldKind;
  /** Characters; 255 for strings and enums when it is not said. */
  readonly length?: number;
  /** Digits of a decimal (19 when not said), fractional digits of the seconds of a datetime (3 when not said). */
  readonly precision?: number;
  /** Fractional digits of a decimal; 4 when neither precision nor scale is said. */
  readonly scale?: number;
  /** The values that an enum allows. */
  readonly values?: readonly (string | number | boolean)[];
  /** A type that only one database has, as DDL writes it: `citext`, `int[]`. */
  readonly native?: string;
  /** The exact type on some databases, as DDL writes it; the usual one of the kind on the others. */
  readonly types?: ColumnTypes;
}

/** One plain column of an entity. What is not there is off. */
export interface ColumnFieldState extends ColumnType {
  /** Name of the column; the field's path when it is not said. */
  readonly column?: string;
  readonly primary?: boolean;
  readonly nullable?: boolean;
  readonly generated?: GeneratedValue;
  /** The expression of a computed column (`generated: 'expression'`). */
  readonly expression?: SqlText;
  /** Computed when it is read, where the database can do that; else stored. */
  readonly virtual?: true;
  /** A literal, or `{ sql }`. */
  readonly default?: unknown;
  readonly comment?: string;
}

/** A reference to one row of another entity: columns and a foreign key. */
export interface ReferenceFieldState extends ForeignKeyRules {
  readonly kind: 'many-to-one' | 'one-to-one';
  /** `app.Entity`; the app may be left out in a migration file when it is the same. */
  readonly target: string;
  /** Own column to the path that it references on the target. */
  readonly columns: Readonly<Record<string, string>>;
  readonly primary?: boolean;
  readonly nullable?: boolean;
  /** `no-action` when it is not said. */
  readonly onDelete?: OnDelete;
  /** False: columns only, without a foreign key. */
  readonly constraint?: boolean;
}

/** A many-to-many relation: a table of pairs, declared on its owning side. */
export interface JunctionFieldState {
  readonly kind: 'many-to-many';
  readonly target: string;
  readonly table: string;
  /** Schema of the pair table, where that is another than the one of the owning entity; PostgreSQL only. */
  readonly schema?: string;
  /** Column of the pair table to the path on the owning entity. */
  readonly from: Readonly<Record<string, string>>;
  /** Column of the pair table to the path on the target entity. */
  readonly to: Readonly<Record<string, string>>;
  /** Name of the pair table's primary key, where it is not the one that TypeORM gives. */
  readonly primaryKey?: string;
  /** What is not usual about the foreign key to the owning entity. */
  readonly fromKey?: PairKeyRules;
  /** What is not usual about the foreign key to the target entity. */
  readonly toKey?: PairKeyRules;
  /** False: no foreign keys. */
  readonly constraint?: false;
}

/** Anything that an entity state has under a path. */
export type FieldState = ColumnFieldState | ReferenceFieldState | JunctionFieldState;

/** Whether the field is a reference with columns and a foreign key. */
export function isReference(field: FieldState): field is ReferenceFieldState {
  return field.kind === 'many-to-one' || field.kind === 'one-to-one';
}

/** Whether the field is a many-to-many relation. */
export function isJunction(field: FieldState): field is JunctionFieldState {
  return field.kind === 'many-to-many';
}

/** Whether the field is a plain column. */
export function isColumn(field: FieldState): field is ColumnFieldState {
  return !isReference(field) && !isJunction(field);
}

/** Whether a default is an SQL expression. */
export function isSqlExpression(value: unknown): value is SqlExpression {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'sql' in value;
}

/** The text for one dialect; empty where there is none for it. */
export function sqlTextFor(text: SqlText, dialect: Dialect): string {
  return typeof text === 'string' ? text : (text[dialect] ?? '');
}
