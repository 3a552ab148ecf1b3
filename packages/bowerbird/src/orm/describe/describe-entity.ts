import { type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type AnyClass, type Class } from '#core';

import { type AppDescription } from '../apps/app-registry.js';
import { constraintLists, describeConstraints, type DescribedConstraints } from './constraints/describe-constraints.js';
import { limitChecks } from './constraints/limit-checks.js';
import { scopesOf } from './default-scope.decorator.js';
import { describeField, sourceOf } from './describe-field.js';
import { describeForeignKeys } from './describe-foreign-keys.js';
import { describePosition, positionIndexes, positionOrder } from './describe-position.js';
import { describeRelation, pathOf } from './describe-relation.js';
import { treeOf } from './describe-tree.js';
import { describeValidators } from './describe-validators.js';
import { UNOWNED } from './descriptions.js';
import {
  type EntityDescription,
  type FieldDescription,
  type InheritanceDescription,
  type PositionDescription,
  type RelationDescription,
} from './entity-description.js';
import { keyOfRow, textOfRow } from './entity-text.js';
import { META_NOTE, type MetaOptions } from './meta.decorator.js';
import { humanize, pluralize } from './names.js';
import { connectionSchema, schemaOf } from './schema-of.js';
import { isLeftAlone } from './typeorm-options.js';

/** Where an entity belongs. */
export interface EntityPlace {
  /** Undefined for entities that a data source knows but no app owns. */
  readonly app: AppDescription | undefined;
  readonly database: string;
  /** Whether the table was there before the framework. */
  readonly foreign: boolean;
  /** Whether limits of validators are check constraints where the entity says nothing. */
  readonly limitChecks?: boolean | undefined;
}

/** Derives everything that is known of an entity from its decorators. */
export function describeEntity(metadata: EntityMetadata, place: EntityPlace): EntityDescription {
  const { app, database } = place;
  const target = metadata.target as Class;
  const meta = META_NOTE.read(target) ?? {};
  const own = META_NOTE.readOwn(target) ?? {};
  const label = own.label ?? humanize(metadata.name);
  const properties = describeProperties(metadata, target);
  const appName = app?.name ?? UNOWNED;
  const managed = isManaged(metadata, meta, place);
  const limited = managed && (meta.limitChecks ?? place.limitChecks ?? false);
  const position = describePosition(metadata);
  const constraints = constraintsOf(metadata, properties, { position, limited });
  return freezeDescription({
    target,
    name: metadata.name,
    app: appName,
    key: `${appName}.${metadata.name.toLowerCase()}`,
    database,
    table: metadata.tableName,
    ...placeOf(metadata),
    label,
    labelPlural: own.labelPlural ?? pluralize(label),
    ...properties,
    ...describeForeignKeys(metadata, properties.fields),
    primaryKey: Object.freeze([...new Set(metadata.primaryColumns.map(pathOf))]),
    ...primaryKeyNameOf(metadata),
    ...constraintLists(constraints),
    deletionDate: metadata.deleteDateColumn?.propertyPath ?? null,
    scopes: scopesOf(target, metadata.deleteDateColumn?.propertyPath),
    ordering: Object.freeze([...(meta.ordering ?? (position ? positionOrder(position, metadata) : []))]),
    ...(position && { position }),
    latestBy: meta.latestBy ?? null,
    naturalKey: Object.freeze([...(meta.naturalKey ?? [])]),
    display: meta.display ?? null,
    managed,
    requires: Object.freeze([...(meta.requires ?? [])]),
    messages: Object.freeze({ ...constraints.messages, ...meta.messages }),
    audited: meta.audited ?? false,
    permissions: Object.freeze({ ...(meta satisfies MetaOptions).permissions }),
    ...inheritanceOf(metadata),
    ...treeOf(metadata),
    comment: metadata.comment ?? '',
  });
}

/** Whether migrations make its table. */
function isManaged(metadata: EntityMetadata, { managed }: MetaOptions, { app, foreign }: EntityPlace): boolean {
  if (metadata.tableType === 'view') return false;
  return managed ?? (isLeftAlone(metadata) ? false : (app?.managed ?? !foreign));
}

/** What a class says beside its constraints that makes further ones. */
interface ImpliedConstraints {
  readonly position: PositionDescription | undefined;
  /** Whether limits of validators are checks. */
  readonly limited: boolean;
}

/** The constraints that are declared, and those that follow from a position and from validators. */
function constraintsOf(
  metadata: EntityMetadata,
  properties: Pick<EntityDescription, 'fields' | 'relations'>,
  { position, limited }: ImpliedConstraints,
): DescribedConstraints {
  const declared = describeConstraints(metadata);
  const { tableName, tableType } = metadata;
  // What a child says of its rows does not hold for others of the table.
  const limits = limitChecks(tableName, limited && tableType !== 'entity-child' ? properties.fields : []);
  const known = new Set(declared.checks.map(({ name }) => name));
  const indexes = position ? positionIndexes(tableName, position, properties, declared.indexes) : [];
  return {
    ...declared,
    indexes: [...declared.indexes, ...indexes],
    checks: [...declared.checks, ...limits.checks.filter(({ name }) => !known.has(name))],
    messages: { ...limits.messages, ...declared.messages },
  };
}

function placeOf(metadata: EntityMetadata): Pick<EntityDescription, 'schema' | 'apart'> {
  const { schema } = schemaOf(metadata);
  if (schema === undefined) return {};
  return { schema, ...(schema !== connectionSchema(metadata.dataSource) && { apart: true }) };
}

type PlainDescription = Omit<EntityDescription, 'field' | 'relation' | 'text' | 'keyOf'>;

/** A description of plain data with what is asked of it. */
export function freezeDescription(plain: PlainDescription): EntityDescription {
  const fields = new Map(plain.fields.map((field) => [field.path, field]));
  const relations = new Map(plain.relations.map((relation) => [relation.path, relation]));
  const description: EntityDescription = {
    ...plain,
    field: (path) => fields.get(path),
    relation: (path) => relations.get(path),
    text: (row) => textOfRow(description, row),
    keyOf: (row) => keyOfRow(description, row),
  };
  return Object.freeze(description);
}

function describeProperties(
  metadata: EntityMetadata,
  target: AnyClass,
): { readonly fields: readonly FieldDescription[]; readonly relations: readonly RelationDescription[] } {
  const validators = new Map<AnyClass, ReturnType<typeof describeValidators>>();
  const validatorsOf = (owner: AnyClass) => {
    const known = validators.get(owner) ?? describeValidators(owner);
    validators.set(owner, known);
    return known;
  };
  const source = ({ embeddedMetadata, propertyName }: Pick<ColumnMetadata, 'embeddedMetadata' | 'propertyName'>) =>
    sourceOf(target, embeddedMetadata?.type as AnyClass | undefined, propertyName, validatorsOf);
  return {
    fields: Object.freeze(metadata.columns.filter(isDeclared).map((column) => describeField(column, source(column)))),
    relations: Object.freeze(
      metadata.relations
        .filter(({ inverseEntityMetadata }) => typeof inverseEntityMetadata.target === 'function')
        .map((relation) => describeRelation(relation, source(relation as never))),
    ),
  };
}

/** Columns that TypeORM makes for itself carry a relation, a tree or a discriminator. */
function isDeclared(column: ColumnMetadata): boolean {
  return !column.isVirtual && !column.isVirtualProperty;
}

function primaryKeyNameOf({ primaryColumns }: EntityMetadata): { readonly primaryKeyName?: string } {
  const name = primaryColumns.find((column) => column.primaryKeyConstraintName)?.primaryKeyConstraintName;
  return name === undefined ? {} : { primaryKeyName: name };
}

function inheritanceOf(metadata: EntityMetadata): { readonly inheritance?: InheritanceDescription } {
  if (metadata.inheritancePattern !== 'STI' && metadata.tableType !== 'entity-child') return {};
  const column = (metadata.discriminatorColumn ?? metadata.parentEntityMetadata?.discriminatorColumn)?.databaseName;
  const parent = metadata.tableType === 'entity-child' ? (metadata.parentEntityMetadata.target as Class) : undefined;
  const value = String(metadata.discriminatorValue ?? metadata.name);
  return { inheritance: Object.freeze({ column: column ?? 'type', value, ...(parent && { parent }) }) };
}
