import { type FieldKind } from '../../../describe/entity-description.js';
import { QueryUsageError } from '../../query.errors.js';
import { join, raw, sql, type Sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions, type ArgumentResult } from '../aggregates.js';
import { argumentOf, Expression, operandOf, ValueExpression, type MentionsOf, type Operand } from '../expression.js';
import { FunctionExpression, resulting, type CallWriter, type FunctionRule } from './function-expression.js';

const NUMBERS: readonly FieldKind[] = ['integer', 'bigint', 'decimal', 'float'];

/** A function of floats, and where it is defined: elsewhere it is NULL on every database. */
function real(
  name: string,
  formula: (...args: readonly Sql[]) => Sql,
  domain?: (...args: readonly Sql[]) => Sql,
): FunctionRule {
  const write: CallWriter = (args, _values, { expressions }) => {
    const floats = args.map((value) => expressions.asFloat(value));
    const value = formula(...floats);
    return domain ? sql`CASE WHEN ${domain(...floats)} THEN ${value} END` : value;
  };
  return { name, takes: [NUMBERS], write, result: resulting('float', { nullable: domain !== undefined }) };
}

const called =
  (name: string) =>
  (...args: readonly Sql[]): Sql =>
    sql`${raw(name)}(${join(args, ', ')})`;

const withinOne = (value: Sql): Sql => sql`${value} BETWEEN -1 AND 1`;
const positive = (value: Sql): Sql => sql`${value} > 0`;

/** A number cut or rounded, of the same kind with as many digits. */
function shaped(name: string, shape: 'abs' | 'ceil' | 'floor' | 'round'): FunctionRule {
  return {
    name,
    takes: [NUMBERS, ['integer']],
    write: (_args, [value, digits], { expressions }) => expressions.shaped(shape, value!, digits?.sql),
    result: ([value, digits]) => ({
      kind: value!.kind,
      nullable: value!.nullable,
      scale: value!.kind === 'decimal' && shape !== 'abs' ? (digits ? digits.scale : 0) : value!.scale,
    }),
  };
}

const RULES = {
  abs: shaped('Abs', 'abs'),
  ceil: shaped('Ceil', 'ceil'),
  floor: shaped('Floor', 'floor'),
  round: shaped('Round', 'round'),
  sign: {
    name: 'Sign',
    takes: [NUMBERS],
    write: ([value], [given], { expressions }) => {
      const plain = given!.kind === 'decimal' ? expressions.asFloat(value!) : value!;
      return sql`CASE WHEN ${plain} > 0 THEN 1 WHEN ${plain} < 0 THEN -1 WHEN ${plain} = 0 THEN 0 END`;
    },
    result: resulting('integer'),
  } as FunctionRule,
  arcCosine: real('ACos', called('ACOS'), withinOne),
  arcSine: real('ASin', called('ASIN'), withinOne),
  arcTangent: real('ATan', called('ATAN')),
  arcTangent2: real('ATan2', called('ATAN2')),
  cosine: real('Cos', called('COS')),
  cotangent: real(
    'Cot',
    (value) => sql`(1 / TAN(${value}))`,
    (value) => sql`TAN(${value}) <> 0`,
  ),
  degrees: real('Degrees', called('DEGREES')),
  exponential: real('Exp', called('EXP')),
  logarithm: real('Ln', called('LN'), positive),
  logarithmTo: real(
    'Log',
    (base, value) => sql`(LN(${value}) / LN(${base}))`,
    (base, value) => sql`${base} > 0 AND ${base} <> 1 AND ${value} > 0`,
  ),
  pi: real('Pi', () => raw('(PI() + 0E0)')),
  power: real(
    'Power',
    called('POWER'),
    (base, exponent) =>
      sql`NOT (${base} = 0 AND ${exponent} < 0) AND NOT (${base} < 0 AND ${exponent} <> FLOOR(${exponent}))`,
  ),
  radians: real('Radians', called('RADIANS')),
  sine: real('Sin', called('SIN')),
  squareRoot: real('Sqrt', called('SQRT'), (value) => sql`${value} >= 0`),
  tangent: real('Tan', called('TAN')),
} as const;

type Real<A> = Expression<number | null, ArgumentMentions<A>>;
type Same<A> = Expression<ArgumentResult<A>, ArgumentMentions<A>>;

/** The number without its sign. */
export function Abs<const A extends Argument>(argument: A): Same<A> {
  return new FunctionExpression(RULES.abs, [argumentOf(argument)]);
}

/** The least whole number that is not below. */
export function Ceil<const A extends Argument>(argument: A): Same<A> {
  return new FunctionExpression(RULES.ceil, [argumentOf(argument)]);
}

/** The greatest whole number that is not above. */
export function Floor<const A extends Argument>(argument: A): Same<A> {
  return new FunctionExpression(RULES.floor, [argumentOf(argument)]);
}

/** The number rounded half away from zero, to so many digits after the point. */
export function Round<const A extends Argument>(argument: A, digits = 0): Same<A> {
  if (!Number.isSafeInteger(digits) || digits < 0 || digits > 30)
    throw new QueryUsageError(`Round() takes 0 to 30 digits, got ${digits}`);
  return new FunctionExpression(RULES.round, [argumentOf(argument), new Digits(digits)]);
}

/** A number of digits, which also is the scale of what is rounded to it. */
class Digits extends ValueExpression {
  constructor(private readonly digits: number) {
    super(digits, 'integer');
  }

  override compile(): ReturnType<ValueExpression['compile']> {
    return { sql: raw(String(this.digits)), kind: 'integer', nullable: false, scale: this.digits };
  }
}

/** -1, 0 or 1. */
export function Sign<const A extends Argument>(argument: A): Expression<number, ArgumentMentions<A>> {
  return new FunctionExpression(RULES.sign, [argumentOf(argument)]);
}

/** The arc cosine in radians; NULL outside of -1 to 1. */
export function ACos<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.arcCosine, [argumentOf(argument)]);
}

/** The arc sine in radians; NULL outside of -1 to 1. */
export function ASin<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.arcSine, [argumentOf(argument)]);
}

/** The arc tangent in radians. */
export function ATan<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.arcTangent, [argumentOf(argument)]);
}

/** The angle of a point in radians, by its y and its x. */
export function ATan2<const A extends Argument, const O extends Operand>(
  y: A,
  x: O,
): Expression<number | null, ArgumentMentions<A> | MentionsOf<O>> {
  return new FunctionExpression(RULES.arcTangent2, [argumentOf(y), operandOf(x)]);
}

/** The cosine of radians. */
export function Cos<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.cosine, [argumentOf(argument)]);
}

/** The cotangent of radians; NULL where there is none. */
export function Cot<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.cotangent, [argumentOf(argument)]);
}

/** Radians as degrees. */
export function Degrees<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.degrees, [argumentOf(argument)]);
}

/** The power of e. */
export function Exp<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.exponential, [argumentOf(argument)]);
}

/** The natural logarithm; NULL up to zero. */
export function Ln<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.logarithm, [argumentOf(argument)]);
}

/** The logarithm to a base; NULL where there is none. */
export function Log<const O extends Operand, const A extends Argument>(
  base: O,
  argument: A,
): Expression<number | null, MentionsOf<O> | ArgumentMentions<A>> {
  return new FunctionExpression(RULES.logarithmTo, [operandOf(base), argumentOf(argument)]);
}

/** The rest of a division, with the sign of the dividend; NULL for a division by zero. */
export function Mod<const A extends Argument, const O extends Operand>(
  argument: A,
  divisor: O,
): Expression<ArgumentResult<A> | null, ArgumentMentions<A> | MentionsOf<O>> {
  return argumentOf(argument).modulo(divisor) as Expression<
    ArgumentResult<A> | null,
    ArgumentMentions<A> | MentionsOf<O>
  >;
}

/** The ratio of a circle's circumference to its diameter. */
export function Pi(): Expression<number, never> {
  return new FunctionExpression(RULES.pi, []);
}

/** A power; NULL where it is none of real numbers. */
export function Power<const A extends Argument, const O extends Operand>(
  argument: A,
  exponent: O,
): Expression<number | null, ArgumentMentions<A> | MentionsOf<O>> {
  return new FunctionExpression(RULES.power, [argumentOf(argument), operandOf(exponent)]);
}

/** Degrees as radians. */
export function Radians<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.radians, [argumentOf(argument)]);
}

/** The sine of radians. */
export function Sin<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.sine, [argumentOf(argument)]);
}

/** The square root; NULL below zero. */
export function Sqrt<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.squareRoot, [argumentOf(argument)]);
}

/** The tangent of radians. */
export function Tan<const A extends Argument>(argument: A): Real<A> {
  return new FunctionExpression(RULES.tangent, [argumentOf(argument)]);
}
