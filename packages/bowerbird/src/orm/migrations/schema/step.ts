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
}

/** Work that is more than one statement. */
export interface WorkStep {
  readonly kind: 'work';
  /** What `--plan` shows. */
  readonly label: string;
  readonly run: (connection: StepConnection) => Promise<void>;
}

/** One step of a migration, as small as the database can do it. */
export type Step = SqlStep | GuardStep | WorkStep;

/** A statement as a step. */
export function sql(text: string): SqlStep {
  return { kind: 'sql', sql: text };
}

/** The text of a step for people. */
export function stepText(step: Step): string {
  return step.kind === 'work' ? `-- ${step.label}` : step.kind === 'guard' ? `-- check: ${step.sql}` : step.sql;
}
