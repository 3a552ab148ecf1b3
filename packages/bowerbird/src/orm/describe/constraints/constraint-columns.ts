import { type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { UnknownPathError } from '../../orm.errors.js';
import { cuts } from '../../query/model/resolve-path.js';
import { QueryUsageError } from '../../query/query.errors.js';
import { pathOf } from '../describe-relation.js';
import { type FieldKind } from '../entity-description.js';
import { kindOf } from '../portable-columns.js';

/** A column as a constraint sees it. */
export interface ConstraintColumn {
  readonly path: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly length?: number;
  readonly scale?: number;
}

/** The columns of an entity by path, known without a database. A reference has those of its key. */
export class ConstraintColumns {
  private readonly byPath = new Map<string, ConstraintColumn[]>();

  constructor(private readonly metadata: EntityMetadata) {
    for (const column of metadata.columns) {
      if (column.isVirtualProperty) continue;
      const described = columnOf(column);
      // A declared column that holds the key of a relation goes by both names.
      for (const path of new Set([described.path, pathOf(column)]))
        this.byPath.set(path, [...(this.byPath.get(path) ?? []), described]);
    }
  }

  has(path: string): boolean {
    return this.byPath.has(path);
  }

  /** Splits a name at the first `__` before which there is a column. @throws UnknownPathError */
  split(name: string): readonly [path: string, rest: readonly string[]] {
    if (this.has(name)) return [name, []];
    const found = cuts(name).find(([path]) => this.has(path));
    if (found) return found;
    throw new UnknownPathError(this.metadata.name, cuts(name)[0]?.[0] ?? name, this.byPath.keys());
  }

  /** The columns at a path. @throws UnknownPathError */
  all(path: string): readonly ConstraintColumn[] {
    const found = this.byPath.get(path);
    if (!found) throw new UnknownPathError(this.metadata.name, path, this.byPath.keys());
    return found;
  }

  /** The one column at a path. @throws UnknownPathError, QueryUsageError */
  one(path: string): ConstraintColumn {
    const [column, ...more] = this.all(path);
    if (more.length === 0) return column!;
    throw new QueryUsageError(`"${path}" has a key of several columns, which cannot be compared as one value`);
  }
}

function columnOf(column: ColumnMetadata): ConstraintColumn {
  const source = origin(column);
  const length = Number(source.length) || undefined;
  return {
    path: column.propertyPath,
    name: column.databaseName,
    kind: kindOf(source),
    nullable: column.isNullable,
    ...(length !== undefined && { length }),
    ...(typeof source.scale === 'number' && { scale: source.scale }),
  };
}

/** The column that a foreign key refers to in the end: the one whose kind was declared. */
function origin(column: ColumnMetadata): ColumnMetadata {
  return column.isVirtual && column.referencedColumn ? origin(column.referencedColumn) : column;
}
