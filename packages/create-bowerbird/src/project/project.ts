import { type Answers } from '../answers/answers.js';
import { packageManager, type PackageManager } from '../answers/package-manager.js';
import { type Target } from './target.js';

/** All that the files of a project depend on. */
export interface Project {
  readonly name: string;
  /** The name for people: `my-shop` is "My shop". */
  readonly title: string;
  /** The name of the database and of its account. */
  readonly databaseName: string;
  readonly template: Answers['template'];
  readonly database: Answers['database'];
  readonly manager: PackageManager;
  /** The version of the package manager; undefined where it is not known. */
  readonly managerVersion: string | undefined;
  readonly secrets: Secrets;
}

/** Made for one project alone. */
export interface Secrets {
  readonly secretKey: string;
  /** Letters and digits, so that it stands in a URL as it is. */
  readonly databasePassword: string;
}

/** Names that databases keep for themselves. */
const RESERVED: ReadonlySet<string> = new Set([
  'information_schema',
  'mysql',
  'performance_schema',
  'postgres',
  'public',
  'root',
  'sys',
  'template0',
  'template1',
]);

/** Leaves room for the suffix of test databases: names of PostgreSQL have 63 characters. */
const LONGEST_DATABASE_NAME = 30;

/** Describes the project that the answers ask for. */
export function describeProject(
  target: Target,
  { template, database, packageManager: manager }: Answers,
  managerVersion: string | undefined,
  secrets: Secrets,
): Project {
  return {
    name: target.name,
    title: titleOf(target.name),
    databaseName: databaseNameOf(target.name),
    template,
    database,
    manager: packageManager(manager, managerVersion),
    managerVersion,
    secrets,
  };
}

function titleOf(name: string): string {
  const words = bare(name).replaceAll('_', ' ').trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function databaseNameOf(name: string): string {
  const plain = bare(name).slice(0, LONGEST_DATABASE_NAME);
  return /^[a-z]/.test(plain) && !RESERVED.has(plain) ? plain : `app_${plain}`;
}

/** The name of the package without its scope, as letters, digits and underscores. */
function bare(name: string): string {
  return name.slice(name.indexOf('/') + 1).replaceAll(/[^a-z0-9]+/g, '_');
}
