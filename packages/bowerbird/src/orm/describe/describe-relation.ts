import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type ForeignKeyMetadata } from 'typeorm/metadata/ForeignKeyMetadata.js';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { type DeferrableType } from 'typeorm/metadata/types/DeferrableType.js';

import { type Class } from '#core';

import { type PropertySource } from './describe-field.js';
import {
  type ForeignKeyRules,
  type JunctionDescription,
  type OnDelete,
  type PairKeyRules,
  type RelationColumn,
  type RelationDescription,
} from './entity-description.js';
import { humanize } from './names.js';
import { replacementOf } from './on-delete-set.decorator.js';
import { pairTable } from './schema-of.js';

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
  { owner, note, validators }: PropertySource,
): RelationDescription {
  const toMany = relation.isOneToMany || relation.isManyToMany;
  const columns = relation.isWithJoinColumn ? relation.joinColumns.map(referenceOf) : [];
  const onDeleteSet = replacementOf(owner, relation.propertyName);
  const nullable = toMany || relation.isOneToOneNotOwner || relation.isNullable;
  return Object.freeze({
    path: relation.propertyPath,
    kind: relation.relationType,
    owning: relation.isOwning,
    target: relation.inverseEntityMetadata.target as Class,
    ...(relation.inverseRelation && { inverse: relation.inverseRelation.propertyPath }),
    nullable,
    onDelete: ON_DELETE[relation.onDelete ?? 'NO ACTION'] ?? 'no-action',
    ...(onDeleteSet && { onDeleteSet }),
    ...(isUnenforced(relation) && { enforced: false as const }),
    ...(relation.isWithJoinColumn && constraintOf(relation, note)),
    columns: Object.freeze(columns),
    ...(relation.isManyToMany && { junction: junctionOf(relation, note) }),
    primary: relation.isPrimary,
    unique: relation.isOneToOneOwner,
    blank: note.blank ?? (nullable || validators.some(({ name }) => name === 'isOptional')),
    label: note.label ?? humanize(relation.propertyName),
    help: note.help ?? '',
    editable: note.editable ?? (toMany ? relation.isManyToMany : relation.isOwning),
    validators,
  });
}

/** Whether this side would have a foreign key, and is told not to. */
function isUnenforced({ isOwning, isOneToMany, createForeignKeyConstraints }: RelationMetadata): boolean {
  return isOwning && !isOneToMany && !createForeignKeyConstraints;
}

/** What a foreign key without a relation is beside its columns. */
export function rulesOfKey(key: ForeignKeyMetadata): Pick<RelationDescription, 'onDelete' | 'constraint'> {
  const { onDelete, onUpdate, deferrable } = key;
  const rules = constraintOf({ foreignKeys: [key], onUpdate, deferrable }, {});
  return { onDelete: ON_DELETE[onDelete ?? 'NO ACTION'] ?? 'no-action', ...rules };
}

/** What differs from the usual foreign key. */
function constraintOf(
  { foreignKeys, onUpdate, deferrable }: Pick<RelationMetadata, 'foreignKeys' | 'onUpdate' | 'deferrable'>,
  { index }: PropertySource['note'],
): { readonly constraint?: ForeignKeyRules } {
  const name = foreignKeys[0]?.givenName;
  const onChange = ON_DELETE[onUpdate ?? 'NO ACTION'];
  const constraint: ForeignKeyRules = {
    ...(name !== undefined && { name }),
    ...(onChange && onChange !== 'no-action' && { onUpdate: onChange }),
    ...(deferrable && { deferrable: deferralOf(deferrable) }),
    ...(index === false && { index }),
  };
  return Object.keys(constraint).length > 0 ? { constraint: Object.freeze(constraint) } : {};
}

/** A column of a relation and the path that it refers to. */
export function referenceOf(column: ColumnMetadata): RelationColumn {
  return Object.freeze({ column: column.databaseName, references: pathOf(column.referencedColumn!) });
}

/** The path of a column; of the relation where the column only carries a key. */
export function pathOf(column: ColumnMetadata): string {
  return column.isVirtual && column.relationMetadata ? column.relationMetadata.propertyPath : column.propertyPath;
}

function junctionOf(relation: RelationMetadata, { pairs }: PropertySource['note']): JunctionDescription {
  const { ownerColumns, inverseColumns, foreignKeys } = relation.junctionEntityMetadata!;
  const ends = [
    { columns: ownerColumns, key: foreignKeys[0], index: pairs?.indexes?.[0] },
    { columns: inverseColumns, key: foreignKeys[1], index: pairs?.indexes?.[1] },
  ] as const;
  const [own, target] = relation.isOwning ? ends : [ends[1], ends[0]];
  const [ownKey, targetKey] = [own, target].map(({ key, index }) => pairKeyOf(key, index));
  return Object.freeze({
    ...pairTable(relation.junctionEntityMetadata!),
    ownColumns: Object.freeze(own.columns.map(referenceOf)),
    targetColumns: Object.freeze(target.columns.map(referenceOf)),
    ...(pairs?.primaryKey !== undefined && { primaryKeyName: pairs.primaryKey }),
    ...(ownKey && { ownKey }),
    ...(targetKey && { targetKey }),
  });
}

/** What differs from a key that cascades in both ways; undefined for nothing. */
function pairKeyOf(
  key: ForeignKeyMetadata | undefined,
  index: string | false | null | undefined,
): PairKeyRules | undefined {
  const name = key?.columns[0]?.foreignKeyConstraintName;
  const [onDelete, onUpdate] = [key?.onDelete, key?.onUpdate].map((words) => ON_DELETE[words ?? 'CASCADE']);
  const rules: PairKeyRules = {
    ...(name !== undefined && { name }),
    ...(onDelete && onDelete !== 'cascade' && { onDelete }),
    ...(onUpdate && onUpdate !== 'cascade' && { onUpdate }),
    ...(key?.deferrable && { deferrable: deferralOf(key.deferrable) }),
    ...(index !== undefined && index !== null && { index }),
  };
  return Object.keys(rules).length > 0 ? Object.freeze(rules) : undefined;
}

function deferralOf(words: DeferrableType): 'deferred' | 'immediate' {
  return words === 'INITIALLY DEFERRED' ? 'deferred' : 'immediate';
}
