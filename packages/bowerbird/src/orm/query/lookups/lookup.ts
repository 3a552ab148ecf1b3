import { type FieldKind } from '../../describe/entity-description.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type Sql } from '../sql/sql.js';

/** What a lookup compares: a column, or a part of one. */
export interface Operand {
  /** The path as the caller wrote it, for messages. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly sql: Sql;
  readonly dialect: SqlDialect;
  readonly column: ColumnModel;
  /** Checks a value and gives its bound form. @throws BadLookupValueError */
  value(given: unknown): Sql;
  /** The same as a plain value, for lookups that bind it in their own way. */
  raw(given: unknown): unknown;
}

/** A comparison by name, as in `price__gte`. */
export interface Lookup {
  readonly name: string;
  /** Kinds whose values it compares; null for every kind. */
  readonly kinds: ReadonlySet<FieldKind> | null;
  compile(operand: Operand, value: unknown): Sql;
}
