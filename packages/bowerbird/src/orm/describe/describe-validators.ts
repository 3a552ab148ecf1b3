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

function describeRule({ name, type, constraints, message, each }: ValidationMetadata): ValidatorDescription {
  return Object.freeze({
    name: name ?? (type === 'conditionalValidation' ? 'isOptional' : type),
    args: Object.freeze([...(constraints ?? [])]),
    ...(typeof message === 'string' && { message }),
    ...(each && { each }),
  });
}
