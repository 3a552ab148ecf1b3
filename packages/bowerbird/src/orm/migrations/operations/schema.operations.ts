import { MigrationStateError } from '../migrations.errors.js';
import { type ChangeHints } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { createSchema, dropSchema } from '../schema/schema-steps.js';
import { type Step } from '../schema/step.js';
import { entityKey, resolveKey, tableOfEntity, tableOfPairs, type EntityState } from '../state/entity-state.js';
import { isJunction } from '../state/field-state.js';
import { schemasOf, type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { requireFree } from './entity.operations.js';
import { Operation, type Direction, type OperationPlace } from './operation.js';
import { slug } from './slug.js';

/**
 * Makes a schema of PostgreSQL, unless it is there; other databases have none, so nothing happens there. Going back drops it
 * only when nothing is in it.
 */
export class CreateSchema extends Operation {
  constructor(readonly name: string) {
    super();
  }

  get title(): string {
    return `Create schema ${this.name}`;
  }

  get slug(): string {
    return `schema_${slug(this.name)}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    if (state.hasSchema(app, this.name)) return state;
    const first = state.ofApp(app).find((entity) => schemasOf(entity).includes(this.name));
    if (!first) return state.addSchema(app, this.name);
    throw new MigrationStateError(`${entityKey(first)} has a table in the schema "${this.name}" before it is made`);
  }

  call(): Call {
    return new Call('createSchema', [this.name]);
  }

  override steps(_place: OperationPlace, { dialect }: SchemaEditor, direction: Direction): readonly Step[] {
    if (dialect !== 'postgres') return [];
    return [direction === 'forward' ? createSchema(this.name) : dropSchema(this.name)];
  }
}

/** Moves an entity's table to another schema, with the tables of its pairs that have no schema of their own. Rows stay. */
export class MoveTable extends Operation {
  constructor(
    readonly entity: string,
    /** Null: that of the connection. */
    readonly schema: string | null,
  ) {
    super();
  }

  get title(): string {
    return `Move table of ${this.entity} to ${this.schema === null ? 'the schema of the connection' : `schema ${this.schema}`}`;
  }

  get slug(): string {
    return `move_${slug(this.entity)}${this.schema === null ? '' : `_to_${slug(this.schema)}`}`;
  }

  apply(state: ProjectState, app: string): ProjectState {
    const key = resolveKey(app, this.entity);
    const { schema: _, ...rest } = state.get(key);
    const moved: EntityState = { ...rest, ...(this.schema !== null && { schema: this.schema }) };
    if (moved.managed !== false) requireFree(state, moved);
    return state.replace(key, () => moved);
  }

  call(): Call {
    return new Call('moveTable', [this.entity, this.schema]);
  }

  override hints({ app, before, after }: OperationPlace): ChangeHints {
    const key = resolveKey(app, this.entity);
    const [from, to] = [tablesOfEntity(before.get(key)), tablesOfEntity(after.get(key))];
    return { tables: new Map(from.map((table, index) => [table, to[index]!])) };
  }
}

function tablesOfEntity(entity: EntityState): readonly string[] {
  const pairs = Object.values(entity.fields).filter(isJunction);
  return [tableOfEntity(entity), ...pairs.map((field) => tableOfPairs(entity, field))];
}
