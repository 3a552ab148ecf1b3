import { type FieldKind } from '../../describe/entity-description.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { type Sql } from '../sql/sql.js';

/** Makes another value of one before it is compared: `name__length__gt`. */
export interface Transform {
  readonly name: string;
  readonly kinds: ReadonlySet<FieldKind>;
  /** The kind of what it makes. */
  readonly result: FieldKind;
  compile(value: Sql, dialect: SqlDialect): Sql;
  /** The dialect in which values are made into the same before they are compared; absent where they stay. */
  forValues?(dialect: SqlDialect): SqlDialect;
}
