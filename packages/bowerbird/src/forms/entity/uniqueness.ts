import { FieldError, Q, type BrokenConstraint, type Database, type EntityDescription } from '#orm';

import { WHOLE_FORM } from '../form-errors.js';
import { issueOf, type FieldIssue, type Messages } from '../validation/field-issue.js';
import { readPath } from './paths.js';

/** A unique set of fields that another row already has, and the field that tells the visitor. */
export interface Clash {
  readonly field: string;
  readonly issue: FieldIssue;
}

/** What is asked. */
export interface UniquenessQuestion {
  readonly database: Database;
  readonly description: EntityDescription;
  /** The row as it would be saved. */
  readonly candidate: object;
  /** Whether it would be inserted. */
  readonly isNew: boolean;
  /** The fields of the form that are valid. */
  readonly fields: ReadonlySet<string>;
}

/**
 * Asks the database for other rows with the same unique values. Sets with an empty or unknown value are left out, as
 * the database does. The constraint itself still decides on save: two forms may ask at the same moment.
 */
export async function findClashes(question: UniquenessQuestion): Promise<readonly Clash[]> {
  const clashes: Clash[] = [];
  for (const paths of uniqueSets(question)) {
    if (await isTaken(question, paths)) clashes.push(clashOf(question.description, paths, question.fields));
  }
  return clashes;
}

/** How a clash is told: at the field, or at the form where several fields of it are concerned. */
export function clashOf(
  description: EntityDescription,
  paths: readonly string[],
  fields: ReadonlySet<string>,
  name?: string,
): Clash {
  const concerned = paths.filter((path) => fields.has(path));
  const labels = paths.map((path) => (description.field(path) ?? description.relation(path))?.label ?? path);
  const params = { entity: description.label.toLowerCase(), fields: labels.join(', ').toLowerCase() };
  const issue = issueOf('unique', ownMessage(description, 'unique', name ?? nameOf(description, paths)), params);
  return { field: concerned.length === 1 ? concerned[0]! : WHOLE_FORM, issue };
}

/** How a broken rule of the table is told, in the words of the entity where it has some. */
export function brokenIssue(
  description: EntityDescription,
  { kind, name, paths }: BrokenConstraint,
  fields: ReadonlySet<string>,
): Clash {
  if (kind === 'unique') return clashOf(description, paths, fields, name);
  const concerned = paths.filter((path) => fields.has(path));
  const issue = issueOf('constraint', ownMessage(description, 'constraint', name));
  return { field: concerned.length === 1 ? concerned[0]! : WHOLE_FORM, issue };
}

/** What the entity says of a constraint, as the message of a code. */
export function ownMessage({ messages }: EntityDescription, code: string, name: string | undefined): Messages {
  const message = name === undefined ? undefined : messages[name];
  return message === undefined ? {} : { [code]: message };
}

/** The name of a unique set. */
function nameOf({ uniques }: EntityDescription, paths: readonly string[]): string | undefined {
  const key = [...paths].sort().join(' ');
  return uniques.find((unique) => [...unique.paths].sort().join(' ') === key)?.name;
}

function uniqueSets({ description, fields, isNew }: UniquenessQuestion): readonly (readonly string[])[] {
  const single = description.fields.filter(({ unique, primary }) => unique && !primary).map(({ path }) => [path]);
  const toOne = description.relations.filter(({ unique, owning }) => unique && owning).map(({ path }) => [path]);
  const indexes = description.indexes.filter(({ unique, where }) => unique && !where).map(({ paths }) => paths);
  const keys = isNew ? [description.primaryKey] : [];
  const sets = [...single, ...toOne, ...description.uniques.map(({ paths }) => paths), ...indexes, ...keys];
  const distinct = new Map(sets.map((paths) => [[...paths].sort().join(' '), paths]));
  return [...distinct.values()].filter((paths) => paths.some((path) => fields.has(path)));
}

async function isTaken(
  { database, description, candidate, isNew }: UniquenessQuestion,
  paths: readonly string[],
): Promise<boolean> {
  const values = paths.map((path) => [path, readPath(candidate, path)] as const);
  if (values.some(([, value]) => value === null || value === undefined)) return false;
  // Rows that queries hide are in the way as well.
  const same = database
    .objects(description.target)
    .withoutScopes()
    .filter(Q(Object.fromEntries(values)));
  const own = description.primaryKey.map((path) => [path, readPath(candidate, path)] as const);
  try {
    return await (isNew ? same : same.exclude(Q(Object.fromEntries(own)))).exists();
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}
