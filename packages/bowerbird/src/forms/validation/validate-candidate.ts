import { validate, type ValidationError as Failure } from 'class-validator';

import { type EntityDescription } from '#orm';

import { codeOfRule, fieldRules } from './entity-rules.js';
import { type FieldIssue } from './field-issue.js';

/** A failed rule of the entity and the field to which it belongs. */
export interface CandidateIssue {
  readonly path: string;
  readonly issue: FieldIssue;
}

/**
 * Runs class-validator over a row that is about to be saved, for the rules that no field could run alone: conditional,
 * nested and custom ones. Rules that fields have run are left out; {@link hasRowRules} says whether there are others.
 */
export async function validateCandidate(
  description: EntityDescription,
  candidate: object,
  paths: ReadonlySet<string>,
): Promise<readonly CandidateIssue[]> {
  const failures = await validate(candidate, {
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  return failures.flatMap((failure) => issuesOf(failure, '', description)).filter(({ path }) => paths.has(path));
}

/** Whether some properties have rules for which the whole row is needed. */
export function hasRowRules(description: EntityDescription, paths: ReadonlySet<string>): boolean {
  const isRuled = (property: EntityDescription['fields'][number] | EntityDescription['relations'][number]): boolean =>
    property.validators.length > 0 && paths.has(property.path) && leftOver(property, description).length > 0;
  return description.fields.some(isRuled) || description.relations.some(isRuled);
}

/** The rules of a property that the fields of a form have not run. */
function leftOver(
  property: EntityDescription['fields'][number] | EntityDescription['relations'][number],
  { field }: EntityDescription,
): EntityDescription['fields'][number]['validators'] {
  const own = new Set(ownRules(property.path, field));
  return property.validators.filter(({ name }) => !own.has(name) && !/^is(Optional|Defined|NotEmpty)$/.test(name));
}

function ownRules(path: string, field: EntityDescription['field']): readonly string[] {
  const description = field(path);
  return description ? fieldRules(description).map(({ name }) => name) : [];
}

function issuesOf(failure: Failure, parent: string, description: EntityDescription): readonly CandidateIssue[] {
  const path = parent + failure.property;
  const own = new Set(ownRules(path, (name) => description.field(name)));
  const issues = Object.entries(failure.constraints ?? {})
    .filter(([name]) => !own.has(name))
    .map(([name, message]) => ({
      path,
      issue: { code: codeOfRule(name), message: sentence(message, failure.property) },
    }));
  return [...issues, ...(failure.children ?? []).flatMap((child) => issuesOf(child, `${path}.`, description))];
}

/** class-validator starts its own messages with the property's name; the label already says it. */
function sentence(message: string, property: string): string {
  const rest = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}${/[.!?]$/.test(rest) ? '' : '.'}`;
}
