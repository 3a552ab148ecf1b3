import { type DatabaseKind, type PackageManagerName, type Template } from './choices.js';

/** All that is known of the project before it is made. */
export interface Answers {
  /** A name of a package below the current folder, or `.` for that folder itself. */
  readonly name: string;
  readonly template: Template;
  readonly database: DatabaseKind;
  readonly packageManager: PackageManagerName;
  readonly git: boolean;
  readonly install: boolean;
}

/** What the command line said. */
export type GivenAnswers = Partial<Answers>;

/** What holds where nobody says otherwise. */
export function defaultAnswers(packageManager: PackageManagerName): Omit<Answers, 'name'> {
  return { template: 'default', database: 'sqlite', packageManager, git: true, install: true };
}
