import { eachText, renamedNames } from '../../describe/condition-text.js';
import { type ChangeHints } from './schema-change.js';
import {
  type CheckSchema,
  type ColumnSchema,
  type ExclusionSchema,
  type ForeignKeySchema,
  type IndexSchema,
  type KeySchema,
  type UniqueSchema,
} from './table-schema.js';

/** The new name of a column of a table (both new names of the table and old of the column are given). */
export function newColumnName(hints: ChangeHints, table: string, column: string): string {
  return hints.columns?.get(table)?.get(column) ?? column;
}

/** The parts of a table under the new names of tables and columns; the names of the parts themselves stay. */
export class CarriedParts {
  /** `table`: the new name of the table. */
  constructor(
    private readonly hints: ChangeHints,
    private readonly table: string,
  ) {}

  readonly rename = (column: string): string => newColumnName(this.hints, this.table, column);

  readonly key = <K extends KeySchema>(key: K): K => ({ ...key, columns: key.columns.map(this.rename) });

  readonly unique = (key: UniqueSchema): UniqueSchema => ({
    ...this.key(key),
    ...(key.include && { include: key.include.map(this.rename) }),
  });

  readonly index = (key: IndexSchema): IndexSchema => ({
    ...this.key(key),
    ...(key.include && { include: key.include.map(this.rename) }),
    ...(key.descending && { descending: key.descending.map(this.rename) }),
    ...(key.where !== undefined && { where: this.text(key.where) }),
    ...(key.expressions && {
      expressions: key.expressions.map((each) => ({ ...each, sql: this.text(each.sql) })),
    }),
  });

  readonly foreignKey = (key: ForeignKeySchema): ForeignKeySchema => {
    const table = this.hints.tables?.get(key.table) ?? key.table;
    return {
      ...this.key(key),
      table,
      references: key.references.map((name) => newColumnName(this.hints, table, name)),
    };
  };

  readonly check = (part: CheckSchema): CheckSchema =>
    part.values
      ? { ...part, values: { ...part.values, column: this.rename(part.values.column) } }
      : { ...part, expression: this.text(part.expression) };

  readonly exclusion = (part: ExclusionSchema): ExclusionSchema => ({
    ...part,
    expression: this.text(part.expression),
  });

  /** A column with the new names of what it is computed of. */
  readonly computed = (column: ColumnSchema): ColumnSchema => {
    const { expression } = column;
    return expression === undefined ? column : { ...column, expression: eachText(expression, (sql) => this.text(sql)) };
  };

  private text(sql: string): string {
    return renamedNames(sql, this.rename);
  }
}
