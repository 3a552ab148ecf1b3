import { type Dialect } from '../../describe/entity-description.js';
import { HistoricalEntities } from '../history/historical-entities.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { sql, type Step, type StepConnection } from '../schema/step.js';
import { sqlTextFor, type SqlText } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type Direction, type OperationPlace } from './operation.js';

/** One statement or several; each the same for every database, or one per database. */
export type SqlTexts = SqlText | readonly SqlText[];

/** What may be said of SQL and code. */
export interface RawOptions {
  /** A squashed migration does without it: it changed rows, of which a new database has none. */
  readonly elidable?: boolean;
}

/** Runs SQL of the user's own. It cannot be taken back unless `backward` says how; an empty list says: nothing to do. */
export class RunSql extends Operation {
  readonly title = 'Run SQL';
  readonly slug = 'run_sql';

  constructor(
    readonly forward: SqlTexts,
    readonly backward?: SqlTexts,
    readonly options: RawOptions = {},
  ) {
    super();
  }

  override get reversible(): boolean {
    return this.backward !== undefined;
  }

  override get elidable(): boolean {
    return this.options.elidable === true;
  }

  apply(state: ProjectState): ProjectState {
    return state;
  }

  call(): Call {
    const { forward, backward, options } = this;
    return this.elidable ? new Call('sql', [forward, backward, options]) : this.content();
  }

  override content(): Call {
    return new Call('sql', this.backward === undefined ? [this.forward] : [this.forward, this.backward]);
  }

  override sqlTexts(dialect: Dialect): readonly string[] {
    return textsFor(this.forward, dialect);
  }

  override steps(_place: OperationPlace, { dialect }: SchemaEditor, direction: Direction): readonly Step[] {
    return textsFor((direction === 'forward' ? this.forward : this.backward) ?? [], dialect).map(sql);
  }
}

function textsFor(texts: SqlTexts, dialect: Dialect): readonly string[] {
  const list = Array.isArray(texts) ? (texts as readonly SqlText[]) : [texts as SqlText];
  return list.map((text) => sqlTextFor(text, dialect).trim()).filter((text) => text !== '');
}

/** What the code of a migration works with. */
export interface MigrationContext {
  /** The entities as they were at this point of the history. */
  readonly entities: HistoricalEntities;
  readonly connection: StepConnection;
  readonly dialect: Dialect;
}

/** Work on the connection of the migration, inside of its transaction where the database has one. */
export type MigrationWork = (connection: StepConnection, context: MigrationContext) => Promise<void>;

/** The context of an operation's code on a connection. */
export function contextOf(
  { app, after }: OperationPlace,
  { dialect }: SchemaEditor,
  connection: StepConnection,
): MigrationContext {
  return { connection, dialect, entities: new HistoricalEntities(after, app, { dialect, db: connection }) };
}

/** Runs code of the user's own, for moving data. It cannot be taken back unless `backward` says how. */
export class RunCode extends Operation {
  readonly title = 'Run code';
  readonly slug = 'run_code';

  constructor(
    readonly forward: MigrationWork,
    readonly backward?: MigrationWork,
    readonly options: RawOptions = {},
  ) {
    super();
  }

  override get reversible(): boolean {
    return this.backward !== undefined;
  }

  override get elidable(): boolean {
    return this.options.elidable === true;
  }

  apply(state: ProjectState): ProjectState {
    return state;
  }

  call(): Call {
    return new Call('code', []);
  }

  override steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    const work = direction === 'forward' ? this.forward : this.backward;
    if (!work) return [];
    return [{ kind: 'work', label: 'run code', run: (db) => work(db, contextOf(place, editor, db)) }];
  }
}
