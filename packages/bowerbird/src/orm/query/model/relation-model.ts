import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { pairTable } from '../../describe/schema-of.js';
import { quotedTable, wholeName } from '../../migrations/schema/table-name.js';
import { type AliasSource } from '../compile/join-scope.js';
import { raw, type Sql } from '../sql/sql.js';
import { type ColumnModel, type EntityModel } from './entity-model.js';
import { type GenericTie } from './generic-relation.js';

/** A column of the row that a relation starts at, and the column of the other row that has the same value. */
export interface ColumnPair {
  readonly own: ColumnModel;
  readonly target: ColumnModel;
}

/** A column of a junction table and the column of a row that it refers to. */
export interface JunctionColumn {
  readonly name: string;
  readonly references: ColumnModel;
}

/** The table between the two sides of a many-to-many relation. */
export interface JunctionModel {
  readonly table: Sql;
  readonly own: readonly JunctionColumn[];
  readonly target: readonly JunctionColumn[];
}

/** A column of the row that a narrowed relation starts at, or of one that its relations lead to. */
export type ColumnAt = (hops: readonly RelationModel[], column: ColumnModel) => Sql;

/** What a query says of a relation that it has narrowed: which relations lead to its rows, and which rows those are. */
export interface NarrowedPath {
  readonly hops: readonly RelationModel[];
  /** The condition in a statement; undefined where every row fits. */
  truth(columnAt: ColumnAt, aliases: AliasSource): Sql | undefined;
}

/** One relation as queries see it, from the side on which it starts. */
export interface RelationModel {
  readonly path: string;
  /** Whether a row may have several related rows. */
  readonly many: boolean;
  /** Whether this side holds the columns. */
  readonly owning: boolean;
  /** Whether there may be no related row. */
  readonly optional: boolean;
  readonly from: EntityModel;
  readonly target: EntityModel;
  /** Columns that are equal in both rows; empty when there is a junction. */
  readonly pairs: readonly ColumnPair[];
  readonly junction: JunctionModel | undefined;
  readonly metadata: RelationMetadata;
  /** Present on the rows that refer generically to a row: what ties them to it instead of a foreign key. */
  readonly generic?: GenericTie;
  /** Present on one that a query has narrowed by a condition, under a name of its own. */
  readonly narrowed?: NarrowedPath;
}

/** Describes a relation for queries. */
export function relationModel(metadata: RelationMetadata, from: EntityModel): RelationModel {
  const target = from.modelOf(metadata.inverseEntityMetadata);
  const owning = metadata.isManyToOne || metadata.isOneToOneOwner;
  return {
    path: metadata.propertyPath,
    many: metadata.isOneToMany || metadata.isManyToMany,
    owning,
    optional: !owning || metadata.isNullable || !metadata.createForeignKeyConstraints,
    from,
    target,
    pairs: metadata.isManyToMany ? [] : pairsOf(metadata, owning, from, target),
    junction: metadata.isManyToMany ? junctionOf(metadata, from, target) : undefined,
    metadata,
  };
}

function pairsOf(metadata: RelationMetadata, owning: boolean, from: EntityModel, target: EntityModel): ColumnPair[] {
  if (owning) {
    return metadata.joinColumns.map((column) => ({
      own: from.column(column),
      target: target.column(column.referencedColumn!),
    }));
  }
  return metadata.inverseRelation!.joinColumns.map((column) => ({
    own: from.column(column.referencedColumn!),
    target: target.column(column),
  }));
}

function junctionOf(metadata: RelationMetadata, from: EntityModel, target: EntityModel): JunctionModel {
  const owner = metadata.isManyToManyOwner ? metadata : metadata.inverseRelation!;
  const [own, other] = metadata.isManyToManyOwner
    ? [owner.joinColumns, owner.inverseJoinColumns]
    : [owner.inverseJoinColumns, owner.joinColumns];
  const columns = (list: ColumnMetadata[], model: EntityModel): JunctionColumn[] =>
    list.map((column) => ({ name: column.databaseName, references: model.column(column.referencedColumn!) }));
  const { table, schema } = pairTable(metadata.junctionEntityMetadata!);
  return {
    table: raw(quotedTable(from.dialect.name, wholeName(table, schema))),
    own: columns(own, from),
    target: columns(other, target),
  };
}
