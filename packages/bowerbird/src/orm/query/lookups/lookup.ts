import { type FieldKind } from '../../describe/entity-description.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type SearchDocument } from '../search/search-document.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';

/** What a lookup compares: a column, a part of one, or what the statement works out. */
export interface Operand {
  /** The path as the caller wrote it, for messages. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly sql: Sql;
  /** The same in the form in which values of its kind are compared and ordered, where that is another one. */
  readonly compared?: Sql;
  readonly dialect: SqlDialect;
  /** The zone in which moments are taken apart; UTC where nothing is said. */
  readonly zone?: TimeZone;
  /** The column that it is, unchanged. */
  readonly column?: ColumnModel | undefined;
  /** What is searched in, where it is a vector. */
  readonly document?: SearchDocument | undefined;
  /** Checks a value and gives its bound form, as it is compared. @throws BadLookupValueError */
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
