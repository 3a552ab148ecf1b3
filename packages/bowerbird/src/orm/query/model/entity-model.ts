import { type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type EntityDescription, type FieldDescription, type FieldKind } from '../../describe/entity-description.js';
import { kindOf } from '../../describe/portable-columns.js';
import { type FullTextIndex } from '../search/indexed-columns.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, raw, type Sql } from '../sql/sql.js';
import { comparableLimit, limitOf, type ColumnLimit } from '../values/column-limits.js';
import { genericKey, genericRelation, type GenericKey } from './generic-relation.js';
import { relationModel, type RelationModel } from './relation-model.js';
import { type ResolvedPath } from './resolve-path.js';
import { throughRelation } from './through-relation.js';

/** One column as queries see it. */
export interface ColumnModel {
  /** Property path; for a column that only carries a relation, the path of the relation. */
  readonly path: string;
  /** Name in the database. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  /** Whether the property takes part in entities; false for columns that only carry a relation. */
  readonly property: boolean;
  readonly dialect: SqlDialect;
  readonly metadata: ColumnMetadata;
  /** Absent for a column that only carries a relation. */
  readonly field: FieldDescription | undefined;
  /** The full-text indexes of its entity that have it. */
  readonly fullText: readonly FullTextIndex[];
  /** What it holds beside its kind; undefined where its kind says it all. */
  readonly limit: ColumnLimit | undefined;
  /** What its database can compare it with; undefined where that is every value of the kind. */
  readonly comparable: ColumnLimit | undefined;
}

/** Finds the model of a target by its metadata. */
export type ModelLookup = (metadata: EntityMetadata) => EntityModel;

/** What queries know of one entity on one database: columns and relations by path, names quoted. Made once. */
export class EntityModel {
  readonly table: Sql;
  readonly columns: ReadonlyMap<string, ColumnModel>;
  readonly primary: readonly ColumnModel[];
  /** Columns that make up an entity, in the order of their declaration. */
  readonly selected: readonly ColumnModel[];
  /** Paths that were resolved before. */
  readonly resolvedPaths = new Map<string, ResolvedPath>();
  /** What makes rows of which something is not loaded, by what that is. */
  readonly shells = new Map<string, () => object>();
  private readonly byMetadata: ReadonlyMap<ColumnMetadata, ColumnModel>;
  private readonly relationModels = new Map<string, RelationModel>();

  constructor(
    readonly metadata: EntityMetadata,
    readonly description: EntityDescription,
    readonly dialect: SqlDialect,
    readonly modelOf: ModelLookup,
  ) {
    const columns = metadata.columns.map((column) => columnModel(column, description, dialect));
    this.table = tableName(metadata, dialect);
    this.byMetadata = new Map(columns.map((column) => [column.metadata, column]));
    this.columns = new Map(columns.filter(({ property }) => property).map((column) => [column.path, column]));
    this.primary = metadata.primaryColumns.map((column) => this.column(column));
    this.selected = columns.filter(({ property, metadata }) => property && metadata.isSelect);
  }

  /** The class name, for messages. */
  get name(): string {
    return this.description.name;
  }

  /** A new row of its class, without values. */
  create(): object {
    const row = this.metadata.create() as object;
    const { proxyOf, target } = this.description;
    // Relations that are promises are made properties of each row.
    return proxyOf ? Object.defineProperties(new target(), Object.getOwnPropertyDescriptors(row)) : row;
  }

  /** The model of one of the entity's own columns. */
  column(metadata: ColumnMetadata): ColumnModel {
    return this.byMetadata.get(metadata)!;
  }

  /** The relation that starts at a path, or undefined. */
  relation(path: string): RelationModel | undefined {
    const known = this.relationModels.get(path);
    if (known) return known;
    const metadata = this.metadata.relations.find(({ propertyPath }) => propertyPath === path);
    const made = metadata
      ? relationModel(metadata, this)
      : (genericRelation(this, path) ?? throughRelation(this, path));
    if (made) this.relationModels.set(path, made);
    return made;
  }

  /** The reference to a row of any entity under a name, or undefined. @throws UnknownPathError */
  genericKey(path: string): GenericKey | undefined {
    return genericKey(this, path);
  }

  /** The same entity with further relations under names of their own. */
  withRelations(more: ReadonlyMap<string, RelationModel>): EntityModel {
    return Object.create(this, {
      resolvedPaths: { value: new Map<string, ResolvedPath>() },
      relation: { value: (path: string) => more.get(path) ?? this.relation(path) },
      knownNames: { value: () => [...this.knownNames(), ...more.keys()] },
    }) as EntityModel;
  }

  /** Every path that starts here: columns, relations and what embeds columns. */
  knownNames(): string[] {
    const relations = this.metadata.relations.map(({ propertyPath }) => propertyPath);
    return [...new Set([...this.columns.keys(), ...relations])];
  }
}

function columnModel(metadata: ColumnMetadata, description: EntityDescription, dialect: SqlDialect): ColumnModel {
  const kind = kindOf(origin(metadata));
  return {
    path: metadata.propertyPath,
    name: metadata.databaseName,
    kind,
    nullable: metadata.isNullable,
    property: !metadata.isVirtual,
    dialect,
    metadata,
    field: metadata.isVirtual ? undefined : description.field(metadata.propertyPath),
    fullText: fullTextOf(metadata, description),
    limit: limitOf(metadata, kind),
    comparable: comparableLimit(metadata, kind),
  };
}

function fullTextOf(
  { propertyPath, entityMetadata }: ColumnMetadata,
  { indexes }: EntityDescription,
): readonly FullTextIndex[] {
  return indexes.flatMap(({ fullText, paths }) => {
    if (fullText === undefined || !paths.includes(propertyPath)) return [];
    const columns = paths.flatMap((path) => entityMetadata.findColumnWithPropertyPath(path)?.databaseName ?? []);
    return [{ columns, fullText }];
  });
}

/** The column that a foreign key refers to in the end: the one whose kind was declared. */
function origin(column: ColumnMetadata): ColumnMetadata {
  return column.isVirtual && column.referencedColumn ? origin(column.referencedColumn) : column;
}

function tableName(metadata: EntityMetadata, dialect: SqlDialect): Sql {
  const parts = [metadata.database, metadata.schema, metadata.tableName];
  const names =
    dialect.name === 'postgres' ? parts.slice(1) : dialect.name === 'mysql' ? [parts[0], parts[2]] : [parts[2]];
  return join(
    names.filter((name): name is string => Boolean(name)).map((name) => raw(dialect.quote(name))),
    '.',
  );
}
