import { type FieldKind } from '../../../describe/entity-description.js';
import { QueryUsageError } from '../../query.errors.js';
import { join, sql } from '../../sql/sql.js';
import { type Argument, type ArgumentMentions, type ArgumentResult } from '../aggregates.js';
import { compileAlike } from '../conditional.js';
import {
  argumentOf,
  compileTogether,
  Expression,
  operandOf,
  type CompiledExpression,
  type ExpressionContext,
  type MentionsOf,
  type Operand,
  type ResultOf,
} from '../expression.js';
import { isList, JSON_CASTS, jsonAs } from '../json-value.js';
import { zoneFor, type ZoneOptions } from './moment-function.js';

/** The kinds that a value can be made into, by its own; the results are the same on every database. */
const CASTS: Readonly<Partial<Record<FieldKind, readonly FieldKind[]>>> = {
  integer: ['bigint', 'decimal', 'float', 'string'],
  bigint: ['decimal', 'float', 'string'],
  decimal: ['float', 'integer', 'bigint'],
  float: ['integer', 'bigint'],
  uuid: ['string'],
  text: ['string'],
  enum: ['string'],
  datetime: ['date'],
  date: ['datetime'],
  boolean: ['integer'],
  json: JSON_CASTS,
};

/** The TypeScript type of the values of a kind. */
type KindType<K extends FieldKind> = K extends 'integer' | 'float'
  ? number
  : K extends 'boolean'
    ? boolean
    : K extends 'datetime'
      ? Date
      : string;

/**
 * The value as one of another kind: `Cast('population', 'decimal')`. Numbers are rounded half away from zero. A moment
 * becomes the day of a zone, and a date the moment at which its day begins there. A value inside of a JSON document is
 * NULL where it is of another type: `Cast('data.size', 'float')`.
 */
export function Cast<const A extends Argument, const K extends FieldKind>(
  argument: A,
  kind: K,
  options: ZoneOptions = {},
): Expression<KindType<K>, ArgumentMentions<A>> {
  return new CastExpression(argumentOf(argument), kind, options);
}

class CastExpression<T, M> extends Expression<T, M> {
  readonly parts: readonly Expression[];

  constructor(
    private readonly argument: Expression,
    private readonly kind: FieldKind,
    private readonly options: ZoneOptions,
  ) {
    super();
    this.parts = [argument];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const value = context.compile(this.argument);
    const { kind } = this;
    const possible = isList(value) ? [] : (CASTS[value.kind] ?? []);
    if (value.kind !== kind && !possible.includes(kind))
      throw new QueryUsageError(`A ${value.kind} cannot be cast to a ${kind} with the same result on every database`, {
        hint: `Possible: ${possible.join(', ') || 'nothing'}`,
      });
    const scale = kind === 'decimal' ? (value.kind === 'decimal' ? value.scale : 0) : undefined;
    const zone = zoneFor(`Cast('${kind}')`, value.kind === 'date' ? kind : value.kind, this.options, context);
    if (value.kind === 'json' && kind !== 'json') return jsonAs(value, kind, context.dialect);
    const cast = value.kind === kind ? value.sql : context.dialect.expressions.cast(value, kind, zone);
    return { sql: cast, kind, scale, nullable: value.nullable };
  }
}

/** The greatest of some values, NULL when one of them is. */
export function Greatest<const O extends readonly [Operand, Operand, ...Operand[]]>(
  ...operands: O
): Expression<ResultOf<O[number]>, MentionsOf<O[number]>> {
  return new ExtremeExpression('greatest', operands.map(operandOf));
}

/** The least of some values, NULL when one of them is. */
export function Least<const O extends readonly [Operand, Operand, ...Operand[]]>(
  ...operands: O
): Expression<ResultOf<O[number]>, MentionsOf<O[number]>> {
  return new ExtremeExpression('least', operands.map(operandOf));
}

class ExtremeExpression<T, M> extends Expression<T, M> {
  constructor(
    private readonly wanted: 'greatest' | 'least',
    readonly parts: readonly Expression[],
  ) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { each, common } = compileAlike(this.parts, context);
    const { expressions } = context.dialect;
    const best = each.reduce((best, value) => {
      const [one, other] = expressions.comparable(best, value, false);
      const holds = this.wanted === 'greatest' ? sql`${one} >= ${other}` : sql`${one} <= ${other}`;
      return { ...best, sql: sql`CASE WHEN ${holds} THEN ${best.sql} ELSE ${value.sql} END` };
    });
    const absent = each.filter(({ nullable }) => nullable).map((value) => sql`${value.sql} IS NULL`);
    const chosen =
      absent.length === 0 ? best.sql : sql`CASE WHEN ${join(absent, ' OR ')} THEN NULL ELSE ${best.sql} END`;
    return { ...common, sql: chosen, nullable: absent.length > 0 };
  }
}

/** The first value, or NULL when it equals the second. */
export function NullIf<const A extends Argument, const O extends Operand>(
  argument: A,
  other: O,
): Expression<ArgumentResult<A> | null, ArgumentMentions<A> | MentionsOf<O>> {
  return new NullIfExpression(argumentOf(argument), operandOf(other));
}

class NullIfExpression<T, M> extends Expression<T, M> {
  constructor(
    private readonly value: Expression,
    private readonly other: Expression,
  ) {
    super();
  }

  get parts(): readonly Expression[] {
    return [this.value, this.other];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const [value, compared] = compileTogether([this.value, this.other], context);
    const [one, other] = context.dialect.expressions.comparable(value!, compared!, true);
    return { ...value!, sql: sql`CASE WHEN ${one} = ${other} THEN NULL ELSE ${value!.sql} END`, nullable: true };
  }
}
