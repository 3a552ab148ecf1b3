import { converterOf, type Converter } from '../../hydrate/converters.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RawRow } from '../query-engine.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';

/** Columns that a statement gives back, and how their values become properties. */
export class ReturnedColumns {
  private readonly converters: readonly (Converter | undefined)[];

  constructor(readonly columns: readonly ColumnModel[]) {
    this.converters = columns.map(({ metadata }) => converterOf(metadata));
  }

  /** ` RETURNING …`, the columns as `c0`, `c1`, … */
  sql(): Sql {
    return sql` RETURNING ${this.list((column) => raw(column.dialect.quote(column.name)))}`;
  }

  list(of: (column: ColumnModel) => Sql): Sql {
    const columns = this.columns.map(
      (column, index) => sql`${column.dialect.selected(of(column), column.kind)} AS ${raw(`c${index}`)}`,
    );
    return join(columns, ', ');
  }

  /** The value of a column of a row as the driver gave it. */
  raw(row: RawRow, column: ColumnModel): unknown {
    return row[`c${this.columns.indexOf(column)}`];
  }

  /** Puts the values on a row that it does not have, or with `all` every one. */
  fill(row: object, given: RawRow, all: boolean): void {
    this.columns.forEach(({ metadata, property }, index) => {
      if (!property || (!all && !isMissing(metadata.getEntityValue(row)))) return;
      const value = given[`c${index}`];
      const convert = this.converters[index];
      metadata.setEntityValue(row, convert ? convert(value) : value);
    });
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
