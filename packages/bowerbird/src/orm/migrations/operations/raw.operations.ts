import { type SchemaEditor } from '../schema/schema-editor.js';
import { sql, type Step, type StepConnection } from '../schema/step.js';
import { sqlTextFor, type SqlText } from '../state/field-state.js';
import { type ProjectState } from '../state/project-state.js';
import { Call } from './call.js';
import { Operation, type Direction, type OperationPlace } from './operation.js';

/** One statement or several; each the same for every database, or one per database. */
export type SqlTexts = SqlText | readonly SqlText[];

/** Runs SQL of the user's own. It cannot be taken back unless `backward` says how; an empty list says: nothing to do. */
export class RunSql extends Operation {
  readonly title = 'Run SQL';
  readonly slug = 'run_sql';

  constructor(
    readonly forward: SqlTexts,
    readonly backward?: SqlTexts,
  ) {
    super();
  }

  override get reversible(): boolean {
    return this.backward !== undefined;
  }

  apply(state: ProjectState): ProjectState {
    return state;
  }

  call(): Call {
    return new Call('sql', this.backward === undefined ? [this.forward] : [this.forward, this.backward]);
  }

  override steps(_place: OperationPlace, { dialect }: SchemaEditor, direction: Direction): readonly Step[] {
    const texts = (direction === 'forward' ? this.forward : this.backward) ?? [];
    const list = Array.isArray(texts) ? (texts as readonly SqlText[]) : [texts as SqlText];
    return list.flatMap((text) => {
      const statement = sqlTextFor(text, dialect).trim();
      return statement === '' ? [] : [sql(statement)];
    });
  }
}

/** Work on the connection of the migration, inside of its transaction where the database has one. */
export type MigrationWork = (connection: StepConnection) => Promise<void>;

/** Runs code of the user's own, for moving data. It cannot be taken back unless `backward` says how. */
export class RunCode extends Operation {
  readonly title = 'Run code';
  readonly slug = 'run_code';

  constructor(
    readonly forward: MigrationWork,
    readonly backward?: MigrationWork,
  ) {
    super();
  }

  override get reversible(): boolean {
    return this.backward !== undefined;
  }

  apply(state: ProjectState): ProjectState {
    return state;
  }

  call(): Call {
    return new Call('code', []);
  }

  override steps(_place: OperationPlace, _editor: SchemaEditor, direction: Direction): readonly Step[] {
    const run = direction === 'forward' ? this.forward : this.backward;
    return run ? [{ kind: 'work', label: 'run code', run }] : [];
  }
}
