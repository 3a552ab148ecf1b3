import { type CompiledExpression } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type Sql } from '../sql/sql.js';
import { type ScopedColumn } from './join-scope.js';

/** Values by name that something else than the entity of a statement has. */
export interface GivenNames {
  /** Whether a path leads to one of them. */
  has(path: string): boolean;
  /** @throws UnknownPathError, UnfitPathError */
  value(path: string): CompiledExpression;
  /** Throws for a path that begins with one of their names and leads nowhere. @throws UnknownPathError, UnfitPathError */
  refuse(path: string): void;
  /** Paths that tell rows apart which have the same key. */
  readonly places: readonly string[];
  /** The joins of which several rows may stand beside one row of the entity, where groups are made by some paths. */
  multiplying(groupBy: readonly string[]): readonly string[];
}

/** A query as a table of another statement. A column is selected when it is asked for. */
export interface SourceTable extends GivenNames {
  readonly alias: string;
  /** The entity of its rows. */
  readonly model: EntityModel;
  /** The value of its whole row: the key, or whether there is one. */
  row(): CompiledExpression;
  /** A column of the entity of its rows, or of one that relations lead to. @throws QueryUsageError */
  column(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn;
  /** `(SELECT …) AS t1`, once nothing more is asked for. */
  sql(): Sql;
}
