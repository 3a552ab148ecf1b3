import { MigrationStateError } from '../migrations.errors.js';
import { entityKey, type EntityState } from './entity-state.js';
import { isJunction, type FieldState } from './field-state.js';

/**
 * All entities of all apps at one point of the history: immutable plain data, made from entity descriptions or by
 * replaying migrations, never from a database.
 */
export class ProjectState {
  static readonly empty = new ProjectState(new Map());

  constructor(
    readonly entities: ReadonlyMap<string, EntityState>,
    /** The schemas that the apps made: `app.schema`. */
    private readonly schemas: ReadonlySet<string> = new Set(),
  ) {}

  /** A state of these entities. */
  static of(entities: Iterable<EntityState>, schemas?: ReadonlySet<string>): ProjectState {
    return new ProjectState(new Map([...entities].map((entity) => [entityKey(entity), entity])), schemas);
  }

  /** Whether migrations of an app made a schema. */
  hasSchema(app: string, schema: string): boolean {
    return this.schemas.has(`${app}.${schema}`);
  }

  /** The state with one more schema of an app. */
  addSchema(app: string, schema: string): ProjectState {
    return new ProjectState(this.entities, new Set(this.schemas).add(`${app}.${schema}`));
  }

  has(key: string): boolean {
    return this.entities.has(key);
  }

  /** One entity by `app.Entity`. @throws MigrationStateError */
  get(key: string): EntityState {
    const found = this.entities.get(key);
    if (!found) throw new MigrationStateError(`There is no entity ${key} at this point of the history`);
    return found;
  }

  /** The entities of an app, in the order in which they came. */
  ofApp(app: string): readonly EntityState[] {
    return [...this.entities.values()].filter((entity) => entity.app === app);
  }

  /** The state with one more entity. @throws MigrationStateError when there is one of this key */
  add(entity: EntityState): ProjectState {
    const key = entityKey(entity);
    if (this.has(key)) throw new MigrationStateError(`The entity ${key} exists already at this point of the history`);
    return this.with(new Map(this.entities).set(key, entity));
  }

  /** The state with one entity changed; its key stays. */
  replace(key: string, change: (entity: EntityState) => EntityState): ProjectState {
    return this.with(new Map(this.entities).set(key, change(this.get(key))));
  }

  /** The state with each entity changed; keys stay. */
  map(change: (entity: EntityState) => EntityState): ProjectState {
    return this.with(new Map([...this.entities].map(([key, entity]) => [key, change(entity)])));
  }

  /** The state without an entity. @throws MigrationStateError when another entity refers to it */
  remove(key: string): ProjectState {
    this.get(key);
    const referrer = this.referrersOf(key).find((entity) => entityKey(entity) !== key);
    if (referrer) throw new MigrationStateError(`${entityKey(referrer)} still refers to ${key}`);
    const rest = new Map(this.entities);
    rest.delete(key);
    return this.with(rest);
  }

  /** The state with an entity under another name, wherever others refer to it. */
  rename(key: string, name: string, table: string, app = this.get(key).app): ProjectState {
    const entity = this.get(key);
    const renamed = { ...entity, app, name, table };
    const target = entityKey(renamed);
    if (target !== key && this.has(target)) throw new MigrationStateError(`The entity ${target} exists already`);
    const entries = [...this.entities.values()].map((each) =>
      retarget(entityKey(each) === key ? renamed : each, key, target),
    );
    return ProjectState.of(entries, this.schemas);
  }

  /** Entities with a relation to this one. */
  referrersOf(key: string): readonly EntityState[] {
    return [...this.entities.values()].filter((entity) => targetsOf(entity).includes(key));
  }

  toJSON(): Record<string, EntityState> {
    return Object.fromEntries(this.entities);
  }

  private with(entities: ReadonlyMap<string, EntityState>): ProjectState {
    return new ProjectState(entities, this.schemas);
  }
}

/** The schemas that hold tables of an entity, beside that of its connection. */
export function schemasOf({ schema, managed, fields }: EntityState): readonly string[] {
  if (managed === false) return [];
  const pairs = Object.values(fields).map((field) => (isJunction(field) ? field.schema : undefined));
  return [...new Set([schema, ...pairs].filter((each) => each !== undefined))];
}

/** Keys of the entities to which an entity refers. */
export function targetsOf(entity: EntityState): readonly string[] {
  return Object.values(entity.fields).flatMap((field) => ('target' in field ? [field.target] : []));
}

/** One field of an entity. @throws MigrationStateError */
export function fieldOf(entity: EntityState, path: string): FieldState {
  const field = entity.fields[path];
  if (!field) throw new MigrationStateError(`${entityKey(entity)} has no field "${path}" at this point of the history`);
  return field;
}

function retarget(entity: EntityState, from: string, to: string): EntityState {
  if (!targetsOf(entity).includes(from)) return entity;
  const fields = Object.entries(entity.fields).map(([path, field]) => [
    path,
    'target' in field && field.target === from ? { ...field, target: to } : field,
  ]);
  return { ...entity, fields: Object.fromEntries(fields) as EntityState['fields'] };
}
