import { MigrationStateError } from '../migrations.errors.js';
import { type ChangeHints } from '../schema/schema-change.js';
import {
  descriptionKey,
  entityKey,
  resolveKey,
  tableOfEntity,
  tableOfPairs,
  type EntityState,
} from '../state/entity-state.js';
import { isJunction, type JunctionFieldState, type ReferenceFieldState } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type EntityRename, type OperationPlace } from './operation.js';
import { slug } from './slug.js';

/** What may be said of an entity that comes from another app. */
export interface AdoptOptions {
  /** Its name here; the same when it is not said. */
  readonly name?: string;
  /** Its table from now on; the same when it is not said. */
  readonly table?: string;
}

/** Takes an entity over from another app. Its table and its rows stay, references follow. */
export class AdoptEntity extends Operation {
  constructor(
    /** `app.Entity`. */
    readonly from: string,
    readonly options: AdoptOptions = {},
  ) {
    super();
  }

  get title(): string {
    return `Adopt entity ${this.from}`;
  }

  get slug(): string {
    return `adopt_${slug(this.from)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const { app: old, name, table } = state.get(this.from);
    if (old === app) throw new MigrationStateError(`${this.from} is in "${app}" already; rename it with renameEntity`);
    return state.rename(this.from, this.options.name ?? name, this.options.table ?? table, app);
  }

  call(): Call {
    return new Call('adoptEntity', [this.from, ...(Object.keys(this.options).length > 0 ? [this.options] : [])]);
  }

  override rename(app: string): EntityRename {
    const name = this.options.name ?? this.from.slice(this.from.indexOf('.') + 1);
    return { from: descriptionKey(this.from), to: descriptionKey(resolveKey(app, name)) };
  }

  override hints({ before }: OperationPlace): ChangeHints {
    const entity = before.get(this.from);
    const from = tableOfEntity(entity);
    const to = tableOfEntity({ ...entity, table: this.options.table ?? entity.table });
    return from === to ? {} : { tables: new Map([[from, to]]) };
  }
}

/** What is said of an entity that is made of pairs. */
export interface LinkOptions {
  /** Its reference to the entity that had the relation. */
  readonly from: string;
  /** Its reference to the other side. */
  readonly to: string;
  /** Its table; that of the pairs when it is not said. */
  readonly table?: string;
}

/** Makes an entity of the pairs of a many-to-many relation, so that more can be said of each link. The links stay. */
export class LinkEntity extends Operation {
  constructor(
    /** The entity that has the relation. */
    readonly owner: string,
    readonly path: string,
    readonly name: string,
    readonly options: LinkOptions,
  ) {
    super();
  }

  get title(): string {
    return `Make entity ${this.name} of ${this.owner}.${this.path}`;
  }

  get slug(): string {
    return `${slug(this.name)}_of_${slug(this.owner)}_${slug(this.path)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.owner);
    const field = this.fieldIn(state.get(key));
    const { schema = state.get(key).schema } = field;
    const without = state.replace(key, (owner) => {
      const { [this.path]: _, ...fields } = owner.fields;
      return { ...owner, fields };
    });
    const { from, to, table = field.table } = this.options;
    const fields = { [from]: reference(key, field.from), [to]: reference(field.target, field.to) };
    const place = { table, ...(schema !== undefined && { schema }) };
    return without.add({ app, name: this.name, ...place, fields, uniques: [], indexes: [], checks: [] });
  }

  call(): Call {
    return new Call('linkEntity', [this.owner, this.path, this.name, this.options]);
  }

  override hints({ app, before }: OperationPlace): ChangeHints {
    const owner = before.get(resolveKey(app, this.owner));
    const field = this.fieldIn(owner);
    const from = tableOfPairs(owner, field);
    const to = tableOfPairs(owner, { ...field, table: this.options.table ?? field.table });
    return from === to ? {} : { tables: new Map([[from, to]]) };
  }

  private fieldIn(owner: EntityState): JunctionFieldState {
    const field = fieldOf(owner, this.path);
    if (isJunction(field)) return field;
    throw new MigrationStateError(`${entityKey(owner)}.${this.path} is not a many-to-many relation`);
  }
}

function reference(target: string, columns: Readonly<Record<string, string>>): ReferenceFieldState {
  return { kind: 'many-to-one', target, columns, primary: true, onDelete: 'cascade' };
}
