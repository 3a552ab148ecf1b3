import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { type Class } from '#core';

import { type PropertySource } from './describe-field.js';
import {
  type ForeignKeyRules,
  type JunctionDescription,
  type OnDelete,
  type RelationColumn,
  type RelationDescription,
} from './entity-description.js';
import { humanize } from './names.js';

const ON_DELETE: Readonly<Record<string, OnDelete>> = {
  CASCADE: 'cascade',
  RESTRICT: 'protect',
  'SET NULL': 'set-null',
  DEFAULT: 'set-default',
  'SET DEFAULT': 'set-default',
  'NO ACTION': 'no-action',
};

/** Describes one relation. */
export function describeRelation(
  relation: RelationMetadata,
  { note, validators }: PropertySource,
): RelationDescription {
  const toMany = relation.isOneToMany || relation.isManyToMany;
  const columns = relation.isWithJoinColumn ? relation.joinColumns.map(referenceOf) : [];
  const nullable = toMany || relation.isOneToOneNotOwner || relation.isNullable;
  return Object.freeze({
    path: relation.propertyPath,
    kind: relation.relationType,
    owning: relation.isOwning,
    target: relation.inverseEntityMetadata.target as Class,
    ...(relation.inverseRelation && { inverse: relation.inverseRelation.propertyPath }),
    nullable,
    onDelete: ON_DELETE[relation.onDelete ?? 'NO ACTION'] ?? 'no-action',
    ...(relation.isWithJoinColumn && constraintOf(relation, note)),
    columns: Object.freeze(columns),
    ...(relation.isManyToMany && { junction: junctionOf(relation) }),
    primary: relation.isPrimary,
    unique: relation.isOneToOneOwner,
    blank: note.blank ?? (nullable || validators.some(({ name }) => name === 'isOptional')),
    label: note.label ?? humanize(relation.propertyName),
    help: note.help ?? '',
    editable: note.editable ?? (toMany ? relation.isManyToMany : relation.isOwning),
    validators,
  });
}

/** What differs from the usual foreign key. */
function constraintOf(
  { joinColumns, onUpdate, deferrable }: RelationMetadata,
  { index }: PropertySource['note'],
): { readonly constraint?: ForeignKeyRules } {
  const name = joinColumns.find((column) => column.foreignKeyConstraintName)?.foreignKeyConstraintName;
  const onChange = ON_DELETE[onUpdate ?? 'NO ACTION'];
  const constraint: ForeignKeyRules = {
    ...(name !== undefined && { name }),
    ...(onChange && onChange !== 'no-action' && { onUpdate: onChange }),
    ...(deferrable && { deferrable: deferrable === 'INITIALLY DEFERRED' ? 'deferred' : 'immediate' }),
    ...(index === false && { index }),
  };
  return Object.keys(constraint).length > 0 ? { constraint: Object.freeze(constraint) } : {};
}

function referenceOf(column: ColumnMetadata): RelationColumn {
  return Object.freeze({ column: column.databaseName, references: pathOf(column.referencedColumn!) });
}

/** The path of a column; of the relation where the column only carries a key. */
export function pathOf(column: ColumnMetadata): string {
  return column.isVirtual && column.relationMetadata ? column.relationMetadata.propertyPath : column.propertyPath;
}

function junctionOf(relation: RelationMetadata): JunctionDescription {
  const { tableName, ownerColumns, inverseColumns } = relation.junctionEntityMetadata!;
  const [own, target] = relation.isOwning ? [ownerColumns, inverseColumns] : [inverseColumns, ownerColumns];
  return Object.freeze({
    table: tableName,
    ownColumns: Object.freeze(own.map(referenceOf)),
    targetColumns: Object.freeze(target.map(referenceOf)),
  });
}
