import { type Class } from '#core';

import { ContentType } from '../../content-types/content-type.entity.js';
import { ContentTypesMissingError } from '../../content-types/content-types.errors.js';
import { GENERIC_KEY_NOTE, GENERIC_RELATION_NOTE } from '../../content-types/generic.decorators.js';
import { UnknownPathError } from '../../orm.errors.js';
import { UnfitPathError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type ColumnModel, type EntityModel } from './entity-model.js';
import { propertyMetadata } from './property-metadata.js';
import { type RelationModel } from './relation-model.js';

/** A reference to a row of any entity: the columns with its kind and with its key as text. */
export interface GenericKey {
  readonly path: string;
  readonly type: ColumnModel;
  readonly key: ColumnModel;
}

/** What ties rows that refer generically to the row that they refer to. */
export interface GenericTie {
  readonly reference: GenericKey;
  /** `IN (…)` the ids of the content types of the row, found by the statement itself. @throws ContentTypesMissingError */
  readonly types: () => Sql;
  /** The key of the row as the reference keeps it. @throws UnfitPathError for a key of several columns */
  readonly key: (own: Sql) => Sql;
}

/** The generic reference of an entity under a name, or undefined. @throws UnknownPathError for columns that it has not */
export function genericKey(model: EntityModel, path: string): GenericKey | undefined {
  const note = GENERIC_KEY_NOTE.read(prototypeOf(model), path);
  if (!note) return undefined;
  const column = (name: string): ColumnModel => {
    const found = model.columns.get(name);
    if (found) return found;
    throw new UnknownPathError(model.name, name, [...model.columns.keys()]);
  };
  return { path, type: column(note.type), key: column(note.key) };
}

/**
 * The rows that refer generically to those of an entity, as a relation to many rows; undefined where the name is none.
 * @throws UnknownPathError when the other entity has no such reference
 */
export function genericRelation(model: EntityModel, path: string): RelationModel | undefined {
  const note = GENERIC_RELATION_NOTE.read(prototypeOf(model), path);
  if (!note) return undefined;
  const target = targetOf(model, path, note.entity() as Class);
  const reference = genericKey(target, note.path);
  if (!reference) throw new UnknownPathError(target.name, note.path, target.knownNames());
  return {
    path,
    many: true,
    owning: false,
    optional: true,
    from: model,
    target,
    pairs: model.primary.map((own) => ({ own, target: reference.key })),
    junction: undefined,
    metadata: propertyMetadata(model, path),
    generic: { reference, types: () => typesOf(model, path), key: (own) => keyOf(model, path, own) },
  };
}

/** @throws UnfitPathError when rows of another database refer to these */
function targetOf({ metadata: { dataSource }, modelOf, name }: EntityModel, path: string, entity: Class): EntityModel {
  if (dataSource.hasMetadata(entity)) return modelOf(dataSource.getMetadata(entity));
  const hint = 'Load them with GenericRelations';
  throw new UnfitPathError(name, path, `leads to rows of ${entity.name}, which are in another database`, hint);
}

/** Rows of an entity that others extend may be of their kinds as well. */
function typesOf(model: EntityModel, path: string): Sql {
  const { dataSource } = model.metadata;
  if (!dataSource.hasMetadata(ContentType))
    throw new ContentTypesMissingError(`The generic relation "${path}" of ${model.name}`);
  const types = model.modelOf(dataSource.getMetadata(ContentType));
  const name = (column: string): Sql => raw(model.dialect.quote(types.columns.get(column)!.name));
  const kinds = kindsOf(model).map(({ description: { key, app } }) => {
    return sql`(${name('app')} = ${app} AND ${name('entity')} = ${key.slice(app.length + 1)})`;
  });
  return sql`IN (SELECT ${name('id')} FROM ${types.table} WHERE ${join(kinds, ' OR ')})`;
}

function kindsOf(model: EntityModel): EntityModel[] {
  const below = model.metadata.childEntityMetadatas.flatMap((child) => kindsOf(model.modelOf(child)));
  return [model, ...below];
}

function keyOf({ primary, dialect, name }: EntityModel, path: string, own: Sql): Sql {
  if (primary.length === 1) return dialect.keyText(own, primary[0]!.kind);
  throw new UnfitPathError(
    name,
    path,
    'cannot be followed by the database, for its key has several columns',
    'Load it with prefetchRelated() or GenericRelations',
  );
}

function prototypeOf({ metadata: { target } }: EntityModel): object {
  return (target as Class).prototype as object;
}
