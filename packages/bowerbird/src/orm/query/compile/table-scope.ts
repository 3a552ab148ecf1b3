import { type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { QueryUsageError } from '../query.errors.js';
import { sql, type Sql } from '../sql/sql.js';
import { JoinScope, type AliasSource, type ScopedColumn } from './join-scope.js';
import { type SourceTable } from './source-table.js';

/** A FROM clause that begins with a table of queries instead of the one of an entity. */
export class TableScope extends JoinScope {
  constructor(
    override readonly given: SourceTable,
    aliases: AliasSource,
    outer?: ExpressionContext,
  ) {
    super(given.model, aliases, undefined, outer);
  }

  override get alias(): string {
    return this.given.alias;
  }

  override get places(): readonly string[] {
    return this.given.places;
  }

  override joinedColumn(hops: readonly RelationModel[], column: ColumnModel): Sql {
    return this.reached(hops, column).sql;
  }

  override joinTable(): string {
    throw new QueryUsageError(`Rows of several queries are no ${this.model.name}`, {
      hint: 'Select what is needed by values()',
    });
  }

  override from(): Sql {
    const joins = this.joins();
    return sql`${this.given.sql()}${joins}`;
  }

  protected override reached(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    return this.given.column(hops, column);
  }
}
