import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { converterOf, type Converter } from '../../hydrate/converters.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RawRow } from '../query-engine.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';

/** Columns that a statement gives back, and how their values become properties. */
export class ReturnedColumns {
  private readonly converters: readonly (Converter | undefined)[];

  /** The columns are called `c0`, `c1`, … unless another letter says that they stand beside those of a query. */
  constructor(
    readonly columns: readonly ColumnModel[],
    private readonly letter = 'c',
  ) {
    this.converters = columns.map(({ metadata }) => converterOf(metadata));
  }

  /** ` RETURNING …`, each column under its alias. */
  sql(): Sql {
    return sql` RETURNING ${this.list((column) => raw(column.dialect.quote(column.name)))}`;
  }

  list(of: (column: ColumnModel) => Sql): Sql {
    const columns = this.columns.map(
      (column, index) => sql`${column.dialect.selected(of(column), column.kind)} AS ${raw(`${this.letter}${index}`)}`,
    );
    return join(columns, ', ');
  }

  /** The value of a column of a row as the driver gave it. */
  raw(row: RawRow, column: ColumnModel): unknown {
    return row[`${this.letter}${this.columns.indexOf(column)}`];
  }

  /** Puts the values on a row that it does not have or cannot say, or with `all` every one. */
  fill(row: object, given: RawRow, all: boolean): void {
    for (let index = 0; index < this.columns.length; index += 1) {
      const { metadata, property } = this.columns[index]!;
      if (!property || (!all && metadata.isInsert && !isMissing(metadata, row))) continue;
      const value = given[`${this.letter}${index}`];
      const convert = this.converters[index];
      setProperty(metadata, row, convert ? convert(value) : value);
    }
  }
}

function isMissing(metadata: ColumnMetadata, row: object): boolean {
  const value: unknown = metadata.embeddedMetadata
    ? metadata.getEntityValue(row)
    : (row as Record<string, unknown>)[metadata.propertyName];
  return value === undefined || value === null;
}

function setProperty(metadata: ColumnMetadata, row: object, value: unknown): void {
  if (metadata.embeddedMetadata) metadata.setEntityValue(row, value);
  else (row as Record<string, unknown>)[metadata.propertyName] = value;
}
