import { type FieldKind } from '../../describe/entity-description.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type Sql } from '../sql/sql.js';

/** What a lookup compares: a column, a part of one, or what the statement works out. */
export interface Operand {
  /** The path as the caller wrote it, for messages. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly sql: Sql;
  readonly dialect: SqlDialect;
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
