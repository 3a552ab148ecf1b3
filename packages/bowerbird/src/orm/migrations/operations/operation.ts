import { type Dialect } from '../../describe/entity-description.js';
import { changeOf, type ChangeHints, type SchemaChange } from '../schema/schema-change.js';
import { type SchemaEditor } from '../schema/schema-editor.js';
import { type Step } from '../schema/step.js';
import { tablesOf } from '../schema/tables-of.js';
import { entityKey, type EntityState } from '../state/entity-state.js';
import { type ProjectState } from '../state/project-state.js';
import { type Call } from './call.js';

/** Forward applies an operation, backward takes it back. */
export type Direction = 'forward' | 'backward';

/** Where an operation stands: its app, and the states before and after it in the forward sense. */
export interface OperationPlace {
  readonly app: string;
  readonly before: ProjectState;
  readonly after: ProjectState;
}

/** An operation and where it stands. */
export type PlacedOperation = readonly [operation: Operation, place: OperationPlace];

/** An entity that has another name now, or another app; by keys of descriptions: `shop.product`. */
export interface EntityRename {
  readonly from: string;
  readonly to: string;
}

/**
 * One step of a migration: a change of the state, from which the change of the tables follows. It can be taken back
 * because the states on both sides of it are known.
 */
export abstract class Operation {
  /** What it does, for people: `Add field sku to Product`. */
  abstract readonly title: string;
  /** Its part of a migration's name: `product_sku`. */
  abstract readonly slug: string;
  /** Whether it can be taken back. */
  get reversible(): boolean {
    return true;
  }

  /** The state after the operation. @throws MigrationStateError */
  abstract apply(state: ProjectState, app: string): ProjectState;

  /** How the migration file of an app writes it. */
  abstract call(app: string): Call;

  /** What of {@link call} its effect follows from. */
  content(app: string): Call {
    return this.call(app);
  }

  /** What the tables do not show; given for the forward direction. */
  hints(_place: OperationPlace): ChangeHints {
    return {};
  }

  /** The entity that goes by another key from then on, for rows that name entities by their keys. */
  rename(_app: string): EntityRename | undefined {
    return undefined;
  }

  /** SQL that somebody wrote by hand: what it makes is in no state. */
  sqlTexts(_dialect: Dialect): readonly string[] {
    return [];
  }

  /** Why somebody says that what it destroys or blocks is right; undefined when nobody does. */
  get reviewed(): string | undefined {
    return undefined;
  }

  /** Whether a squashed migration can do without it: rows that it changed are not there in a new database. */
  get elidable(): boolean {
    return false;
  }

  /** Whether it lets others go on reading and writing as far as the database can do that. */
  get online(): boolean {
    return false;
  }

  /** The operations that it stands for, each in its place, in the order of the direction; most often itself. */
  parts(place: OperationPlace, _direction: Direction): readonly PlacedOperation[] {
    return [[this, place]];
  }

  /** What it does to the tables in one direction. */
  change(place: OperationPlace, dialect: Dialect, direction: Direction): SchemaChange {
    const touched = touchedKeys(place);
    const [from, to] = direction === 'forward' ? [place.before, place.after] : [place.after, place.before];
    const hints = direction === 'forward' ? this.hints(place) : reversed(this.hints(place));
    return changeOf(tablesOf(from, dialect, touched), tablesOf(to, dialect, touched), hints);
  }

  /** The steps in one direction, for the dialect of the editor. */
  steps(place: OperationPlace, editor: SchemaEditor, direction: Direction): readonly Step[] {
    return editor.steps(this.change(place, editor.dialect, direction));
  }
}

/** The entities that an operation changed, and those that refer to them: their columns may follow. */
function touchedKeys({ before, after }: OperationPlace): readonly string[] {
  const all = new Set([...before.entities.keys(), ...after.entities.keys()]);
  const changed = [...all].filter((key) => before.entities.get(key) !== after.entities.get(key));
  const touched = new Set(changed);
  const spread = (key: string): void => {
    for (const state of [before, after]) {
      for (const referrer of state.referrersOf(key)) {
        const known = touched.has(entityKey(referrer));
        touched.add(entityKey(referrer));
        if (!known && keyedBy(referrer, key)) spread(entityKey(referrer));
      }
    }
  };
  changed.forEach(spread);
  return [...touched];
}

/** Whether a reference to the target is part of the entity's own key, so that others see its type through it. */
function keyedBy(entity: EntityState, target: string): boolean {
  return Object.values(entity.fields).some(
    (field) => 'target' in field && field.target === target && 'primary' in field,
  );
}

function reversed({ tables, columns }: ChangeHints): ChangeHints {
  const renamedBack = new Map([...(tables ?? [])].map(([from, to]) => [to, from]));
  const columnsBack = [...(columns ?? [])].map(([table, names]): [string, ReadonlyMap<string, string>] => [
    renamedBack.get(table) ?? table,
    new Map([...names].map(([from, to]) => [to, from])),
  ]);
  return { tables: renamedBack, columns: new Map(columnsBack), fillEmpty: true, lossy: true };
}
