import { MigrationStateError } from '../migrations.errors.js';
import { type ChangeHints, type SchemaChange } from '../schema/schema-change.js';
import {
  descriptionKey,
  entityKey,
  resolveKey,
  tableOfEntity,
  type CheckState,
  type EntityState,
  type ExclusionState,
  type IndexState,
  type UniqueState,
} from '../state/entity-state.js';
import { type FieldState } from '../state/field-state.js';
import { targetsOf, type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { fieldCalls, resolveFields } from './fields.js';
import { Operation, type EntityRename, type OperationPlace } from './operation.js';
import { slug } from './slug.js';

/** What a migration says of a new entity. */
export interface EntityOptions {
  readonly table: string;
  /** Schema of the table, where that is another than the one of the connection; PostgreSQL only. */
  readonly schema?: string;
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly uniques?: readonly UniqueState[];
  readonly indexes?: readonly IndexState[];
  readonly checks?: readonly CheckState[];
  /** False: the entity is known, its table is left alone. */
  readonly managed?: boolean;
  readonly exclusions?: readonly ExclusionState[];
  /** Comment of the table; PostgreSQL and MySQL keep it. */
  readonly comment?: string;
  /** Name of the primary key; the one that TypeORM gives when it is not said. */
  readonly primaryKey?: string;
}

/** Creates an entity's table, with the pair tables of its many-to-many relations. */
export class CreateEntity extends Operation {
  constructor(
    readonly name: string,
    readonly options: EntityOptions,
  ) {
    super();
  }

  get title(): string {
    return `Create entity ${this.name}`;
  }

  get slug(): string {
    return slug(this.name);
  }

  apply(state: ProjectState, app: string): ProjectState {
    const { table, schema, fields, uniques = [], indexes = [], checks = [], managed = true } = this.options;
    const { primaryKey, exclusions = [], comment } = this.options;
    const entity: EntityState = {
      app,
      name: this.name,
      table,
      ...(schema !== undefined && { schema }),
      ...(managed ? {} : { managed }),
      ...(primaryKey !== undefined && { primaryKey }),
      fields: resolveFields(app, fields),
      uniques,
      indexes,
      checks,
      ...(exclusions.length > 0 && { exclusions }),
      ...(comment !== undefined && { comment }),
    };
    const after = state.add(entity);
    for (const target of targetsOf(entity)) after.get(target);
    if (managed) requireFree(state, entity);
    return after;
  }

  call(app: string): Call {
    const { table, schema, fields, ...rest } = this.options;
    const options = { table, schema, fields: fieldCalls(app, fields), ...rest };
    return new Call('createEntity', [this.name, withoutEmpty(options)]);
  }
}

/** Drops an entity's table with all its rows. Going back makes an empty table. */
export class DropEntity extends Operation {
  constructor(readonly name: string) {
    super();
  }

  get title(): string {
    return `Drop entity ${this.name}`;
  }

  get slug(): string {
    return `drop_${slug(this.name)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return state.remove(resolveKey(app, this.name));
  }

  call(): Call {
    return new Call('dropEntity', [this.name]);
  }
}

/** Gives an entity another name and its table with it; rows stay, references follow. */
export class RenameEntity extends Operation {
  constructor(
    readonly from: string,
    readonly to: string,
    readonly options: { readonly table?: string } = {},
  ) {
    super();
  }

  get title(): string {
    return `Rename entity ${this.from} to ${this.to}`;
  }

  get slug(): string {
    return `rename_${slug(this.from)}_${slug(this.to)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.from);
    return state.rename(key, this.to, this.options.table ?? state.get(key).table);
  }

  call(): Call {
    return new Call('renameEntity', [this.from, this.to, ...(this.options.table === undefined ? [] : [this.options])]);
  }

  override rename(app: string): EntityRename {
    return { from: descriptionKey(resolveKey(app, this.from)), to: descriptionKey(resolveKey(app, this.to)) };
  }

  override hints({ app, before, after }: OperationPlace): ChangeHints {
    const from = tableOfEntity(before.get(resolveKey(app, this.from)));
    const to = tableOfEntity(after.get(resolveKey(app, this.to)));
    return from === to ? {} : { tables: new Map([[from, to]]) };
  }
}

/** Gives an entity's table another name. */
export class RenameTable extends Operation {
  constructor(
    readonly entity: string,
    readonly table: string,
  ) {
    super();
  }

  get title(): string {
    return `Rename table of ${this.entity} to ${this.table}`;
  }

  get slug(): string {
    return `rename_table_${slug(this.entity)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return state.rename(resolveKey(app, this.entity), this.entity, this.table);
  }

  call(): Call {
    return new Call('renameTable', [this.entity, this.table]);
  }

  override hints({ app, before, after }: OperationPlace): ChangeHints {
    const [from, to] = [before, after].map((state) => tableOfEntity(state.get(resolveKey(app, this.entity))));
    return { tables: new Map([[from!, to!]]) };
  }
}

/** Gives a table another comment, or none. PostgreSQL and MySQL keep it. */
export class CommentTable extends Operation {
  constructor(
    readonly entity: string,
    readonly comment: string | null,
  ) {
    super();
  }

  get title(): string {
    return `${this.comment === null ? 'Remove comment from' : 'Comment'} table of ${this.entity}`;
  }

  get slug(): string {
    return `comment_${slug(this.entity)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const comment = this.comment ?? undefined;
    return state.replace(resolveKey(app, this.entity), (entity) => ({ ...entity, comment }));
  }

  call(): Call {
    return new Call('commentTable', [this.entity, this.comment]);
  }
}

/** Hands an entity's table over to migrations, or away from them. The table itself stays as it is. */
export class SetManaged extends Operation {
  constructor(
    readonly entity: string,
    readonly managed: boolean,
  ) {
    super();
  }

  get title(): string {
    return `${this.managed ? 'Manage' : 'Stop managing'} the table of ${this.entity}`;
  }

  get slug(): string {
    return `${this.managed ? 'manage' : 'unmanage'}_${slug(this.entity)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return state.replace(resolveKey(app, this.entity), (entity) => ({
      ...entity,
      managed: this.managed ? undefined : false,
    }));
  }

  call(): Call {
    return new Call('setManaged', [this.entity, this.managed]);
  }

  override change(): SchemaChange {
    return { created: [], dropped: [], changed: [], hints: {} };
  }
}

/** @throws MigrationStateError when an entity of migrations has the table already */
export function requireFree(state: ProjectState, entity: EntityState): void {
  const table = tableOfEntity(entity);
  const clash = [...state.entities.values()].find(
    (other) => other.managed !== false && tableOfEntity(other) === table && entityKey(other) !== entityKey(entity),
  );
  if (clash) throw new MigrationStateError(`${entityKey(clash)} has the table "${table}" already`);
}

function withoutEmpty(options: object): object {
  const entries = Object.entries(options).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries);
}
