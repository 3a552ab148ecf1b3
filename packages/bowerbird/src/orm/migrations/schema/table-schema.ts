import {
  type Deferral,
  type ExpressionType,
  type GeneratedValue,
  type OnDelete,
} from '../../describe/entity-description.js';
import { type ColumnType, type SqlText } from '../state/field-state.js';

/** One column as it stands in a table. */
export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly generated: GeneratedValue;
  readonly expression?: SqlText;
  /** Computed when it is read. */
  readonly virtual?: true;
  readonly default?: unknown;
  readonly comment?: string;
  /** A computed column of MySQL that nobody sees: a unique index over expressions or with a condition stands on it. */
  readonly hidden?: true;
}

/** A named set of columns: primary key or unique set. */
export interface KeySchema {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A unique set of a table. */
export interface UniqueSchema extends KeySchema {
  readonly include?: readonly string[];
  readonly deferrable?: Deferral;
  readonly nulls?: 'same';
}

/** A value that an index is made of, in the words of the dialect. */
export interface ExpressionSchema {
  readonly sql: string;
  readonly type: ExpressionType;
  readonly descending?: true;
}

/** An index of a table. */
export interface IndexSchema extends KeySchema {
  readonly unique: boolean;
  readonly where?: string;
  /** What it is made of instead of columns. */
  readonly expressions?: readonly ExpressionSchema[];
  readonly include?: readonly string[];
  /** Those of its columns that begin with the greatest. */
  readonly descending?: readonly string[];
  readonly operators?: readonly string[];
  readonly using?: string;
  readonly nulls?: 'same';
  readonly fullText?: true | string;
}

/** A foreign key of a table. */
export interface ForeignKeySchema extends KeySchema {
  /** The whole name of the table that it refers to. */
  readonly table: string;
  readonly references: readonly string[];
  readonly onDelete: OnDelete;
  readonly onUpdate?: OnDelete;
  readonly deferrable?: Deferral;
}

/** A check of a table; `column` where it guards the values of an enum. */
export interface CheckSchema {
  readonly name: string;
  readonly expression: string;
  /** The column whose values the check lists; then the expression is made by the editor. */
  readonly values?: { readonly column: string; readonly allowed: readonly (string | number | boolean)[] };
}

/** An exclusion constraint of a table. */
export interface ExclusionSchema {
  readonly name: string;
  readonly expression: string;
  readonly deferrable?: Deferral;
}

/** One table, the same for every database. */
export interface TableSchema {
  /** Its whole name, see `wholeName`. */
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
  readonly primaryKey: KeySchema | null;
  readonly uniques: readonly UniqueSchema[];
  readonly indexes: readonly IndexSchema[];
  readonly foreignKeys: readonly ForeignKeySchema[];
  readonly checks: readonly CheckSchema[];
  readonly exclusions?: readonly ExclusionSchema[];
  readonly comment?: string;
}

/** Tables by their whole names. */
export type TableMap = ReadonlyMap<string, TableSchema>;
