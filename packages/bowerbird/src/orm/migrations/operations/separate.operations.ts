import { type Dialect } from '../../describe/entity-description.js';
import { MigrationFileError } from '../migrations.errors.js';
import { type SchemaChange } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type Step } from '../schema/step.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import {
  Operation,
  type Direction,
  type EntityRename,
  type OperationPlace,
  type PlacedOperation,
} from './operation.js';

/** Operations of which one half is done: what they say of the entities, or what they do to the tables. */
abstract class HalfOperation extends Operation {
  constructor(
    private readonly callee: 'stateOnly' | 'databaseOnly',
    readonly operations: readonly Operation[],
  ) {
    super();
    if (operations.length > 0) return;
    throw new MigrationFileError(`ops.${callee} has no operations`, {
      hint: `ops.${callee}(ops.removeField('Product', 'sku'))`,
    });
  }

  get title(): string {
    const titles = this.operations.map(({ title }) => title).join(', ');
    return `${titles} (${this.callee === 'stateOnly' ? 'state' : 'database'} only)`;
  }

  get slug(): string {
    return this.operations[0]!.slug;
  }

  call(app: string): Call {
    return new Call(
      this.callee,
      this.operations.map((operation) => operation.call(app)),
    );
  }

  override content(app: string): Call {
    return new Call(
      this.callee,
      this.operations.map((operation) => operation.content(app)),
    );
  }
}

/**
 * Tells what has become of the entities while the tables stay as they are, or have become so by other operations. See
 * https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate
 */
export class StateOnly extends HalfOperation {
  constructor(operations: readonly Operation[]) {
    super('stateOnly', operations);
  }

  apply(state: ProjectState, app: string): ProjectState {
    return this.operations.reduce((current, operation) => operation.apply(current, app), state);
  }

  override rename(app: string): EntityRename | undefined {
    return this.operations.map((operation) => operation.rename(app)).find((rename) => rename !== undefined);
  }

  override change(): SchemaChange {
    return { created: [], dropped: [], changed: [], hints: {} };
  }

  override steps(): readonly Step[] {
    return [];
  }
}

/** Changes tables of which the entities know nothing, or know already. */
export class DatabaseOnly extends HalfOperation {
  constructor(operations: readonly Operation[]) {
    super('databaseOnly', operations);
  }

  override get reversible(): boolean {
    return this.operations.every(({ reversible }) => reversible);
  }

  override get online(): boolean {
    return this.operations.every(({ online }) => online);
  }

  /** The state itself stays; the operations must follow from it. */
  apply(state: ProjectState, app: string): ProjectState {
    this.places({ app, before: state, after: state });
    return state;
  }

  override sqlTexts(dialect: Dialect): readonly string[] {
    return this.operations.flatMap((operation) => operation.sqlTexts(dialect));
  }

  override change(place: OperationPlace, dialect: Dialect, direction: Direction): SchemaChange {
    const changes = this.parts(place, direction).map(([operation, each]) => operation.change(each, dialect, direction));
    return {
      created: changes.flatMap(({ created }) => created),
      dropped: changes.flatMap(({ dropped }) => dropped),
      changed: changes.flatMap(({ changed }) => changed),
      hints: {},
    };
  }

  override steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    return this.parts(place, direction).flatMap(([operation, each]) => operation.steps(each, editor, direction));
  }

  override parts(place: OperationPlace, direction: Direction): readonly PlacedOperation[] {
    const places = this.places(place);
    return direction === 'forward' ? places : places.toReversed();
  }

  /** Each operation between the states that it would make. */
  private places({ app, before }: OperationPlace): readonly PlacedOperation[] {
    let state = before;
    return this.operations.map((operation) => {
      const from = state;
      state = operation.apply(state, app);
      return [operation, { app, before: from, after: state }] as const;
    });
  }
}
