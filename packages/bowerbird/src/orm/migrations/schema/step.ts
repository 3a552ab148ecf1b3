import { type Dialect } from '../../describe/entity-description.js';

/** What a step may do on the connection of the running migration. */
export interface StepConnection {
  /** Runs SQL and returns its rows. With parameters, each `?` in the text stands for one, on every database. */
  query<R = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}

/** A statement. */
export interface SqlStep {
  readonly kind: 'sql';
  readonly sql: string;
  /** A question: any row says that there is nothing to do. */
  readonly unless?: string;
}

/** A question whose rows stand in the way: `sql` counts them as `amount`, and the step fails when there are any. */
export interface GuardStep {
  readonly kind: 'guard';
  readonly sql: string;
  /** What the error says; `amount` is the number of rows. */
  readonly message: (amount: number) => string;
  /** It asks about values that would be lost, so that `--force` goes on in spite of it. */
  readonly loss?: boolean;
  /** Somebody said `--force`. */
  readonly skip?: boolean;
}

/** Work that is more than one statement. */
export interface WorkStep {
  readonly kind: 'work';
  /** What `--plan` shows. */
  readonly label: string;
  readonly run: (connection: StepConnection) => Promise<void>;
}

/** The connection of a step that commits its own work. */
export interface SeparateConnection extends StepConnection {
  readonly dialect: Dialect;
  hasTable(name: string): Promise<boolean>;
  transaction<R>(work: () => Promise<R>): Promise<R>;
}

/** Which step of which migration runs, for what it writes down of its progress. */
export interface StepPlace {
  readonly app: string;
  readonly name: string;
  /** Number of the step in its migration, from 1. */
  readonly position: number;
}

/** How far work in batches is. */
export interface BatchNote {
  /** Batches that are done in this run. */
  readonly batch: number;
  /** Rows that are done, also by earlier runs. */
  readonly rows: number;
  /** About how many there are. */
  readonly total: number;
}

/** Told after each batch. */
export type BatchListener = (note: BatchNote) => void;

/**
 * Work that must not share a transaction with other steps: it commits by itself, maybe several times, and when it is run
 * again it goes on from there.
 */
export interface SeparateStep {
  readonly kind: 'separate';
  /** What `--plan` shows. */
  readonly label: string;
  /** The statement that it comes down to, where it is one. */
  readonly sql?: string;
  /** `tell` hears how far it is; what is only for it, such as counting rows, is left out where nobody listens. */
  readonly run: (connection: SeparateConnection, place: StepPlace, tell?: BatchListener) => Promise<void>;
}

/** One step of a migration, as small as the database can do it. */
export type Step = SqlStep | GuardStep | WorkStep | SeparateStep;

/** A statement as a step. */
export function sql(text: string): SqlStep {
  return { kind: 'sql', sql: text };
}

/** The text of a step for people. */
export function stepText(step: Step): string {
  if (step.kind === 'sql' || (step.kind === 'separate' && step.sql !== undefined)) return step.sql!;
  return step.kind === 'guard' ? `-- check: ${step.sql}` : `-- ${step.label}`;
}
