import { type EntityMetadata } from 'typeorm';
import { type RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

import { type AnyClass, type Class } from '#core';

import { scopesOf } from '../describe/default-scope.decorator.js';
import { pathOf } from '../describe/describe-relation.js';
import { type RelationColumn, type RelationDescription } from '../describe/entity-description.js';
import { humanize } from '../describe/names.js';
import { schemaOf } from '../describe/schema-of.js';
import { UnfitThroughError } from '../orm.errors.js';
import { THROUGH_NOTE, type ThroughNote } from './many-to-many-through.decorator.js';

/** The entity whose rows are the links of a relation, and its references to both sides. */
export interface Through {
  readonly entity: EntityMetadata;
  readonly own: RelationMetadata;
  readonly target: RelationMetadata;
}

/**
 * What the links of a many-to-many relation are rows of; undefined where the path is no such relation.
 * @throws UnfitThroughError
 */
export function throughOf(metadata: EntityMetadata, path: string): Through | undefined {
  const note = THROUGH_NOTE.read((metadata.target as Class).prototype as object, path);
  if (!note) return undefined;
  const refuse = (problem: string, hint?: string): never => {
    throw new UnfitThroughError(`${metadata.name}.${path} ${problem}`, { hint });
  };
  const through = known(metadata, note.through(), refuse);
  if (scopesOf(through.target as Class, through.deleteDateColumn?.propertyPath).length > 0)
    refuse(
      `goes by ${through.name}, whose default scopes hide rows`,
      'Links are there or not; query over it by its path',
    );
  const sides = sidesOf(through, metadata, known(metadata, note.entity(), refuse));
  const own = chosen(sides.own, note, 'own', refuse);
  const target = chosen(
    sides.target.filter((one) => one !== own),
    note,
    'target',
    refuse,
  );
  return { entity: through, own, target };
}

type Refuse = (problem: string, hint?: string) => never;

function known({ dataSource }: EntityMetadata, entity: AnyClass, refuse: Refuse): EntityMetadata {
  if (dataSource.hasMetadata(entity)) return dataSource.getMetadata(entity);
  return refuse(
    `names ${entity.name}, which is no entity of the same database`,
    'List it in the entities of an app of this database',
  );
}

/** Rows of an entity that extends another one are rows of that one as well, and may be referred to as such. */
function sidesOf(through: EntityMetadata, from: EntityMetadata, to: EntityMetadata) {
  const references = through.relations.filter(({ isOwning, isManyToMany }) => isOwning && !isManyToMany);
  return {
    own: references.filter(({ inverseEntityMetadata: { target } }) => from.inheritanceTree.includes(target as Class)),
    target: references.filter(({ inverseEntityMetadata }) => inverseEntityMetadata === to),
  };
}

function chosen(
  candidates: readonly RelationMetadata[],
  note: ThroughNote,
  side: 'own' | 'target',
  refuse: Refuse,
): RelationMetadata {
  const name = note[side];
  const through = note.through().name;
  const paths = candidates.map(({ propertyPath }) => propertyPath).join(', ');
  if (name !== undefined)
    return (
      candidates.find(({ propertyPath }) => propertyPath === name) ??
      refuse(
        `goes by ${through}.${name}, which is no reference to the ${sideName[side]}`,
        `There is: ${paths || 'none'}`,
      )
    );
  if (candidates.length === 1) return candidates[0]!;
  return candidates.length === 0
    ? refuse(`goes by ${through}, which has no reference to the ${sideName[side]}`, 'Add a @ManyToOne to it')
    : refuse(`goes by ${through}, which has several references to the ${sideName[side]}`, `Say ${side}: ${paths}`);
}

const sideName = { own: 'row that the relation starts at', target: 'related row' } as const;

/** Describes such a relation as one that TypeORM knows, its links in the table of the entity between. */
export function describeThrough({ entity, own, target }: Through, path: string): RelationDescription {
  const columns = ({ joinColumns }: RelationMetadata): readonly RelationColumn[] =>
    joinColumns.map(({ databaseName, referencedColumn }) => ({
      column: databaseName,
      references: pathOf(referencedColumn!),
    }));
  return Object.freeze({
    path,
    kind: 'many-to-many',
    owning: true,
    target: target.inverseEntityMetadata.target as Class,
    nullable: true,
    onDelete: 'no-action',
    columns: [],
    junction: {
      table: entity.tableName,
      ...schemaOf(entity),
      ownColumns: columns(own),
      targetColumns: columns(target),
    },
    primary: false,
    unique: false,
    blank: true,
    label: humanize(path),
    help: '',
    editable: false,
    validators: [],
  });
}
