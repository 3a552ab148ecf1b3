import { getMetadataStorage } from 'class-validator';

import { type AnyClass } from '#core';

import { type ValidatorDescription } from './entity-description.js';

/** What a class-validator decorator left behind, as far as it is read here. */
interface ValidationMetadata {
  readonly propertyName: string;
  readonly type: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
  readonly message?: unknown;
  readonly each?: boolean;
  readonly groups?: readonly string[];
  readonly validateIf?: unknown;
}

/** The class-validator rules of a class by property, inherited ones included. */
export function describeValidators(target: AnyClass): ReadonlyMap<string, readonly ValidatorDescription[]> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(
    target,
    '',
    true,
    false,
  ) as unknown as readonly ValidationMetadata[];
  const byProperty = new Map<string, ValidatorDescription[]>();
  for (const rule of rules) {
    const list = byProperty.get(rule.propertyName) ?? [];
    list.push(describeRule(rule));
    byProperty.set(rule.propertyName, list);
  }
  return byProperty;
}

function describeRule(rule: ValidationMetadata): ValidatorDescription {
  const { name, type, constraints, message, each, groups = [], validateIf } = rule;
  // @IsOptional is a condition too, which has a name.
  const conditional = validateIf !== undefined || (type === 'conditionalValidation' && name === undefined);
  return Object.freeze({
    name: name ?? (type === 'conditionalValidation' ? 'isOptional' : type),
    args: Object.freeze([...(constraints ?? [])]),
    ...(typeof message === 'string' && { message }),
    ...(each && { each }),
    ...(groups.length > 0 && { groups: Object.freeze([...groups]) }),
    ...(conditional && { conditional }),
  });
}
