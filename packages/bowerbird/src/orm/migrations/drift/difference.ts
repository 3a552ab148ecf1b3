/** What a difference is about. */
export type DifferenceSubject =
  'table' | 'column' | 'primary key' | 'unique set' | 'index' | 'foreign key' | 'check' | 'exclusion';

/** One thing in which a live database is not what its migrations say. */
export interface Difference {
  readonly table: string;
  readonly subject: DifferenceSubject;
  /** Name of the column or constraint; that of the table itself for tables. */
  readonly name: string;
  /** Not there, there without a migration that knows of it, or there in another form. */
  readonly state: 'missing' | 'unknown' | 'different';
  /** `type is varchar(20), the migrations say varchar(120)`; empty for what is missing or unknown. */
  readonly details: string;
}

/** A difference for people: `product: column "name" is missing`. */
export function differenceText({ table, subject, name, state, details }: Difference): string {
  const what = subject === 'table' ? `table "${table}"` : `${table}: ${subject} "${name}"`;
  if (state === 'different') return `${what}: ${details}`;
  return state === 'missing' ? `${what} is missing` : `${what} is not known to the migrations`;
}
