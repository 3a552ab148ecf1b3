import { type AnyClass } from '#core';

import { type EntityDescription, type FieldDescription, type RelationDescription } from './entity-description.js';

/** Finds the description of an entity, or undefined when the orm does not know it. */
export type Describe = (entity: AnyClass) => EntityDescription | undefined;

/** What a path leads to: a field, or the rows of a relation. */
export interface ResolvedPath {
  readonly field: FieldDescription | null;
  readonly relation: RelationDescription | null;
  /** The entity on which the last step stands; for a relation, the entity that it leads to. */
  readonly entity: EntityDescription;
  /** Relations that have to be joined, shortest first. */
  readonly joins: readonly string[];
  /** A step leads to several rows. */
  readonly many: boolean;
  /** A step may lead to nothing. */
  readonly nullable: boolean;
}

/** Why a path leads nowhere: the part that is unknown, and the names that would be known there. */
export interface UnknownStep {
  readonly unknown: string;
  readonly known: readonly string[];
}

/** Whether a resolution failed. */
export function isUnknown(found: ResolvedPath | UnknownStep): found is UnknownStep {
  return 'unknown' in found;
}

/** Follows a dotted path through fields, embedded fields and relations. */
export function resolvePath(entity: EntityDescription, path: string, describe: Describe): ResolvedPath | UnknownStep {
  return follow({ entity, joins: [], prefix: '', many: false, nullable: false }, path, describe);
}

interface Walk {
  readonly entity: EntityDescription;
  readonly joins: readonly string[];
  readonly prefix: string;
  readonly many: boolean;
  readonly nullable: boolean;
}

function follow(walk: Walk, rest: string, describe: Describe): ResolvedPath | UnknownStep {
  const field = walk.entity.field(rest);
  if (field) return { ...found(walk), field, nullable: walk.nullable || field.nullable };
  const relation = relationAtStart(walk.entity, rest);
  const target = relation && describe(relation.target);
  if (!relation || !target) return unknownStep(walk.entity, rest);
  const join = walk.prefix + relation.path;
  const next: Walk = {
    entity: target,
    joins: [...walk.joins, join],
    prefix: `${join}.`,
    many: walk.many || relation.kind.endsWith('to-many'),
    nullable: walk.nullable || relation.nullable || !relation.owning,
  };
  if (rest === relation.path) return { ...found(next), relation };
  return follow(next, rest.slice(relation.path.length + 1), describe);
}

function found({ entity, joins, many, nullable }: Walk): ResolvedPath {
  return { field: null, relation: null, entity, joins, many, nullable };
}

function relationAtStart(entity: EntityDescription, path: string): RelationDescription | undefined {
  return entity.relations.find((relation) => path === relation.path || path.startsWith(`${relation.path}.`));
}

function unknownStep(entity: EntityDescription, rest: string): UnknownStep {
  const known = knownNames(entity);
  const whole = known.some((name) => name.includes('.')) ? rest : rest.split('.')[0]!;
  return { unknown: whole, known };
}

/** Every field and relation of an entity, by path. */
export function knownNames(entity: EntityDescription): readonly string[] {
  return [...entity.fields.map(({ path }) => path), ...entity.relations.map(({ path }) => path)];
}

/** Fields that name a row where nothing else says how; the same as in `EntityDescription.text`. */
const TEXT_FIELDS = ['name', 'title', 'label', 'subject'] as const;

/** The field by which people know a row: its display path, or `name`, `title` and the like; undefined for none. */
export function textPath(entity: EntityDescription, describe: Describe): string | undefined {
  if (entity.display !== null) {
    const target = resolvePath(entity, entity.display, describe);
    return isUnknown(target) || !target.field || target.many ? undefined : entity.display;
  }
  if (entity.target.prototype.toString !== Object.prototype.toString) return undefined;
  return TEXT_FIELDS.find((path) => entity.field(path));
}

/** The relations that have to be loaded before `entity.text(row)` can say anything, seen from a prefix. */
export function textJoins(entity: EntityDescription, prefix: string, describe: Describe): readonly string[] {
  if (entity.display === null) return [];
  const target = resolvePath(entity, entity.display, describe);
  return isUnknown(target) || target.many ? [] : target.joins.map((join) => prefix + join);
}

/**
 * Which plain values make up `entity.text(row)`: one field of the entity itself, none where the text is made of the
 * key, or undefined where the row has to be loaded as a whole.
 */
export function plainTextPaths(entity: EntityDescription, describe: Describe): readonly string[] | undefined {
  const path = textPath(entity, describe);
  if (path !== undefined) return path.includes('.') ? undefined : [path];
  const own = entity.display !== null || entity.target.prototype.toString !== Object.prototype.toString;
  return own ? undefined : [];
}

/** The one field that is the text form of a row of bare values, or undefined where the text is made of the key. */
export function plainTextField(entity: EntityDescription): string | undefined {
  return plainTextPaths(entity, () => undefined)?.[0];
}
