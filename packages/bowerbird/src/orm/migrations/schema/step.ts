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
  readonly run: (connection: SeparateConnection, place: StepPlace) => Promise<void>;
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
