import {
  type CheckDescription,
  type FieldDescription,
  type FieldKind,
  type ValidatorDescription,
} from '../entity-description.js';

/** Checks that are made of validators, and what people read where they say it. */
export interface LimitChecks {
  readonly checks: readonly CheckDescription[];
  /** By the name of the check. */
  readonly messages: Readonly<Record<string, string>>;
}

/** A validator that limits numbers, in the words of SQL. */
interface Limit {
  /** End of the name of the check. */
  readonly suffix: string;
  readonly operator: string;
  /** Of several limits of one kind the one that allows least. */
  readonly nearest: (limits: readonly number[]) => number;
}

const highest = (limits: readonly number[]): number => Math.max(...limits);
const lowest = (limits: readonly number[]): number => Math.min(...limits);

const LIMITS: Readonly<Record<string, Limit>> = {
  min: { suffix: 'min', operator: '>=', nearest: highest },
  max: { suffix: 'max', operator: '<=', nearest: lowest },
  isPositive: { suffix: 'positive', operator: '>', nearest: highest },
  isNegative: { suffix: 'negative', operator: '<', nearest: lowest },
};

const NUMBERS: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'bigint', 'decimal', 'float']);

/**
 * What `@Min`, `@Max`, `@IsPositive` and `@IsNegative` say of columns of numbers, as check constraints of their table.
 * Rules that hold for elements of lists, for some groups or under a condition are no rules of the table.
 */
export function limitChecks(table: string, fields: readonly FieldDescription[]): LimitChecks {
  const made = fields.filter(isLimited).flatMap((field) => checksOf(table, field));
  const told = made.flatMap(({ check, message }) => (message === undefined ? [] : [[check.name, message] as const]));
  return { checks: Object.freeze(made.map(({ check }) => check)), messages: Object.fromEntries(told) };
}

interface MadeCheck {
  readonly check: CheckDescription;
  readonly message: string | undefined;
}

function checksOf(table: string, { column, validators }: FieldDescription): readonly MadeCheck[] {
  return Object.entries(LIMITS).flatMap(([name, { suffix, operator, nearest }]) => {
    const rules = validators.filter((rule) => rule.name === name && holdsAlways(rule));
    const limits = rules.map(({ args }) => (args.length === 0 ? 0 : args[0])).filter(isNumber);
    if (limits.length === 0) return [];
    const expression = `"${column.replaceAll('"', '""')}" ${operator} ${nearest(limits)}`;
    const check = Object.freeze({ name: `${table}_${column}_${suffix}`, expression });
    return [{ check, message: rules.find(isPlainMessage)?.message }];
  });
}

/** Whether a column holds the number that validators see, and may stand in a check on every database. */
function isLimited(field: FieldDescription): boolean {
  const { kind, nativeType, generated, transformed, encrypted, relation, validators } = field;
  const plain = !nativeType && !generated && !transformed && !encrypted && relation === undefined;
  return NUMBERS.has(kind) && plain && !validators.some(({ conditional }) => conditional);
}

function holdsAlways({ each, groups }: ValidatorDescription): boolean {
  return !each && groups === undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Whether its words are the same for every value: others name what only the validator knows. */
function isPlainMessage({ message }: ValidatorDescription): boolean {
  return message !== undefined && !message.includes('$');
}
