import * as classValidator from 'class-validator';

import { type FieldDescription, type ValidatorDescription } from '#orm';

import { compareDecimals, parseDecimal } from '../fields/decimal-text.js';
import { type Validator } from '../fields/field.js';
import { ValidationError } from '../forms.errors.js';
import { issueOf, type FieldIssue } from './field-issue.js';

type Predicate = (value: unknown, ...args: readonly unknown[]) => boolean | Promise<boolean>;

/** class-validator's own functions by the names of its rules, in lower case (`isUrl` is its function `isURL`). */
const PREDICATES: ReadonlyMap<string, Predicate> = new Map([
  ...Object.entries(classValidator)
    .filter((entry): entry is [string, Predicate] => typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]))
    .map(([name, predicate]) => [name.toLowerCase(), predicate] as const),
  ['islength', classValidator.length as Predicate],
]);

/** Exported functions of class-validator that are no rules. */
const NO_RULES: ReadonlySet<string> = new Set(
  'validate validatesync validateorreject validatebyname registerdecorator registerschema getmetadatastorage getfromcontainer usecontainer buildmessage validateby isvalidationoptions'.split(
    ' ',
  ),
);

/** Rules about the presence of a value, which `required` already says. */
const PRESENCE =
  /^(isOptional|isDefined|isNotEmpty|isEmpty|conditionalValidation|whitelistValidation|nestedValidation|promiseValidation)$/;

/** Rules about the JavaScript type; a field gives the type that its column has. */
const TYPES = /^(isNumber|isInt|isNumberString|isDecimal|isString|isDate|isDateString|isBoolean)$/;

type Comparison = (sign: number) => boolean;

/** Rules about the size of numbers, done exactly for decimals and big integers, which are text. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  min: (sign) => sign >= 0,
  max: (sign) => sign <= 0,
  isPositive: (sign) => sign > 0,
  isNegative: (sign) => sign < 0,
};

/** The issues that rules with a message of their own share with the framework's fields. */
const CODES: Readonly<Record<string, string>> = {
  minLength: 'min_length',
  maxLength: 'max_length',
  min: 'min_value',
  max: 'max_value',
  isPositive: 'min_value',
  isEmail: 'email',
  isUrl: 'url',
  matches: 'pattern',
  isIn: 'choice',
  isEnum: 'choice',
};

/** What is needed to know the rules of a field. */
export type RuledField = Pick<FieldDescription, 'path' | 'kind' | 'validators'>;

/**
 * Whether the rules of a property hold only under a condition, which the whole row must decide. class-validator does not
 * reach into embedded objects by itself, so their rules are always run by the fields, on values that are not empty.
 */
export function isConditional({ path, validators }: Pick<FieldDescription, 'path' | 'validators'>): boolean {
  return !path.includes('.') && validators.some(({ name }) => name === 'isOptional');
}

/** The rules of a property that a field runs by itself, so that the entity as a whole need not run them again. */
export function fieldRules({ path, kind, validators }: RuledField): readonly ValidatorDescription[] {
  const conditional = isConditional({ path, validators });
  return validators.filter((rule) => {
    if (PRESENCE.test(rule.name)) return false;
    if (isExact(kind) && (rule.name in COMPARISONS || TYPES.test(rule.name))) return true;
    return !conditional && (isTyped(kind, rule) || predicateOf(rule) !== undefined);
  });
}

/** One validator for all rules of a property. */
export function validatorOf(field: RuledField): Validator<unknown> | undefined {
  const rules = fieldRules(field);
  if (rules.length === 0) return undefined;
  return async (value) => {
    const issues: FieldIssue[] = [];
    for (const rule of rules) if (!(await holds(rule, field.kind, value))) issues.push(issueOfRule(rule));
    if (issues.length > 0) throw new ValidationError(issues);
  };
}

async function holds(rule: ValidatorDescription, kind: FieldDescription['kind'], value: unknown): Promise<boolean> {
  if (isTyped(kind, rule) || (typeof value === 'object' && value !== null && 'fileName' in value)) return true;
  if (isExact(kind) && rule.name in COMPARISONS) return compareExactly(rule, value);
  const predicate = predicateOf(rule)!;
  const subject = kind === 'date' && /^(min|max)Date$/.test(rule.name) ? new Date(String(value)) : value;
  const args = rule.args.map((argument) =>
    typeof argument === 'function' && rule.name.endsWith('Date') ? (argument as () => unknown)() : argument,
  );
  if (!rule.each) return predicate(subject, ...args);
  return (
    Array.isArray(subject) && (await Promise.all(subject.map(async (item) => predicate(item, ...args)))).every(Boolean)
  );
}

function compareExactly({ name, args }: ValidatorDescription, value: unknown): boolean {
  const [left, right] = [value, args[0] ?? 0].map((number) => parseDecimal(String(number as number)));
  return left === undefined || right === undefined || COMPARISONS[name]!(compareDecimals(left, right));
}

function predicateOf({ name }: ValidatorDescription): Predicate | undefined {
  const key = name.toLowerCase();
  return NO_RULES.has(key) ? undefined : PREDICATES.get(key);
}

/** Whether a rule only repeats what the kind of the column already says. */
function isTyped(kind: FieldDescription['kind'], { name, each }: ValidatorDescription): boolean {
  return !each && kind !== 'json' && TYPES.test(name);
}

function isExact(kind: FieldDescription['kind']): boolean {
  return kind === 'decimal' || kind === 'bigint';
}

/** The code of an issue for a failed rule: the framework's own where it has the same, else the rule's name. */
export function codeOfRule(name: string): string {
  return CODES[name] ?? name;
}

function issueOfRule({ name, args, message }: ValidatorDescription): FieldIssue {
  const code = codeOfRule(name);
  if (message === undefined) return issueOf(code, {}, paramsOf(name, args));
  const filled = message.replace(/\$constraint(\d)/g, (_, index: string) => String(args[Number(index) - 1]));
  return { code, message: filled };
}

function paramsOf(name: string, [first = 0]: readonly unknown[]): Readonly<Record<string, unknown>> {
  if (name === 'min' || name === 'isPositive') return { min: first };
  return name === 'max' ? { max: first } : {};
}
