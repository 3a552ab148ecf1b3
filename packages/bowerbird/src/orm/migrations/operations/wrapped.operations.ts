import { type Dialect } from '../../describe/entity-description.js';
import { MigrationFileError } from '../migrations.errors.js';
import { onlineEditor, type OnlineOptions } from '../schema/online-editor.js';
import { ONLINE_ALGORITHMS } from '../schema/online-mysql.editor.js';
import { type ChangeHints, type SchemaChange } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type Step } from '../schema/step.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type Direction, type EntityRename, type OperationPlace } from './operation.js';

/** An operation in a frame that says more of it; it does what the one inside does. */
abstract class WrappedOperation extends Operation {
  constructor(readonly inner: Operation) {
    super();
  }

  get title(): string {
    return this.inner.title;
  }

  get slug(): string {
    return this.inner.slug;
  }

  override get reversible(): boolean {
    return this.inner.reversible;
  }

  override get reviewed(): string | undefined {
    return this.inner.reviewed;
  }

  override get elidable(): boolean {
    return this.inner.elidable;
  }

  override get online(): boolean {
    return this.inner.online;
  }

  apply(state: ProjectState, app: string): ProjectState {
    return this.inner.apply(state, app);
  }

  override content(app: string): Call {
    return this.inner.content(app);
  }

  override hints(place: OperationPlace): ChangeHints {
    return this.inner.hints(place);
  }

  override rename(app: string): EntityRename | undefined {
    return this.inner.rename(app);
  }

  override sqlTexts(dialect: Dialect): readonly string[] {
    return this.inner.sqlTexts(dialect);
  }

  override change(place: OperationPlace, dialect: Dialect, direction: Direction): SchemaChange {
    return this.inner.change(place, dialect, direction);
  }

  override steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    return this.inner.steps(place, editor, direction);
  }
}

/** Somebody has looked at what an operation destroys or blocks, and says why that is right. */
export class Reviewed extends WrappedOperation {
  constructor(
    inner: Operation,
    readonly reason: string,
  ) {
    super(inner);
  }

  override get reviewed(): string {
    return this.reason;
  }

  call(app: string): Call {
    return new Call('reviewed', [this.inner.call(app), this.reason]);
  }
}

/** Lets others go on reading and writing while the operation runs, where the database can do that. */
export class Online extends WrappedOperation {
  constructor(
    inner: Operation,
    readonly options: OnlineOptions = {},
  ) {
    super(inner);
    const { algorithm } = options;
    if (algorithm === undefined || ONLINE_ALGORITHMS.includes(algorithm)) return;
    throw new MigrationFileError(`ops.online knows no algorithm "${String(algorithm)}"`, {
      hint: ONLINE_ALGORITHMS.join(' or '),
    });
  }

  override get online(): boolean {
    return true;
  }

  call(app: string): Call {
    const { algorithm } = this.options;
    return new Call('online', [this.inner.call(app), ...(algorithm === undefined ? [] : [{ algorithm }])]);
  }

  override steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    return this.inner.steps(place, onlineEditor(editor, this.options), direction);
  }
}
