import { type RelationModel } from '../query/model/relation-model.js';
import { deferredAccessor, lazyAccessor, unloadedAccessor } from './accessors.js';
import { type EntityColumns } from './entity-columns.js';

/** An entity as its properties. */
export type Fields = Record<string, unknown>;

/** Sets of properties that are not loaded, of which shells are kept for each entity: clients may choose them. */
const KEPT = 100;

/**
 * What makes the entities of a query: by their constructor, and where something of them is not loaded with accessors
 * for it on a prototype in between. They stay instances of their class and have its constructor.
 */
export function creatorOf(columns: EntityColumns): () => Fields {
  const Target = columns.model.description.target as new () => Fields;
  const accessors = accessorsOf(columns);
  const names = Object.keys(accessors);
  if (names.length === 0) return () => new Target();
  if (columns.relations.some(({ metadata }) => metadata.isLazy)) return shellOf(Target, accessors);
  const { shells } = columns.model;
  const key = JSON.stringify([columns.strict, ...names]);
  const known = shells.get(key) as (() => Fields) | undefined;
  if (known) return known;
  if (shells.size >= KEPT) shells.clear();
  const made = shellOf(Target, accessors);
  shells.set(key, made);
  return made;
}

function shellOf(Target: new () => Fields, accessors: PropertyDescriptorMap): () => Fields {
  const names = Object.keys(accessors);
  // A class of its own: objects that `Reflect.construct` makes for another prototype cost many times as much.
  const Shell = class extends Target {};
  Object.defineProperties(Shell.prototype, { ...accessors, constructor: { value: Target } });
  return () => {
    const entity = new Shell();
    // Initial values of properties would hide the accessors.
    for (const name of names) if (Object.hasOwn(entity, name)) delete entity[name];
    return entity;
  };
}

function accessorsOf(columns: EntityColumns): PropertyDescriptorMap {
  const { model, deferred, strict, relations } = columns;
  const accessors: PropertyDescriptorMap = {};
  for (const { metadata, path } of deferred)
    if (!metadata.embeddedMetadata) accessors[metadata.propertyName] = deferredAccessor(model.name, path);
  for (const relation of relations) {
    const { path, metadata } = relation;
    if (metadata.embeddedMetadata) continue;
    if (metadata.isLazy) accessors[path] = lazyAccessor(relation);
    else if (strict && !isLoaded(columns, relation)) accessors[path] = unloadedAccessor(model.name, path);
  }
  return accessors;
}

/** By its path: the relation of a class in the table of another one has a model of its own. */
function isLoaded({ related, later }: EntityColumns, { path }: RelationModel): boolean {
  return later.some((one) => one.path === path) || related.some(({ relation }) => relation.path === path);
}
