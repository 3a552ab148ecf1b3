import { whereOf, type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { join, sql } from '../sql/sql.js';
import {
  compileTogether,
  Expression,
  operandOf,
  ValueExpression,
  type CompiledExpression,
  type ExpressionContext,
  type MentionsOf,
  type Operand,
  type ResultOf,
} from './expression.js';
import { type MentionedBy, type Present } from './expression.types.js';

/** One branch of a {@link Case}. */
export class Branch<T = unknown, M = unknown> {
  declare protected readonly result: T;
  declare protected readonly mentions: M;

  constructor(
    readonly where: Where,
    readonly then: Expression,
  ) {}
}

/** A branch of a {@link Case}: the value where a condition holds. */
export function When<const C extends object, const O extends Operand>(
  condition: C,
  then: O,
): Branch<ResultOf<O>, MentionedBy<C> | MentionsOf<O>> {
  return new Branch(whereOf(condition), operandOf(then));
}

type BranchResult<B> = B extends Branch<infer T> ? T : never;
type BranchMentions<B> = B extends Branch<unknown, infer M> ? M : never;

/**
 * The value of the first branch whose condition holds, or NULL: `Case(When({ stock: 0 }, 'sold out')).otherwise('there')`.
 * See https://docs.djangoproject.com/en/stable/ref/models/conditional-expressions/
 */
export function Case<const B extends readonly Branch[]>(
  ...branches: B
): CaseExpression<BranchResult<B[number]> | null, BranchMentions<B[number]>> {
  if (branches.length === 0) throw new QueryUsageError('Case() takes at least one When()');
  return new CaseExpression(branches, new ValueExpression(null, undefined));
}

/** A {@link Case}, which may still get a value for the other rows. */
export class CaseExpression<T = unknown, M = unknown> extends Expression<T, M> {
  constructor(
    private readonly branches: readonly Branch[],
    private readonly fallback: Expression,
  ) {
    super();
  }

  /** The value where no branch holds. */
  otherwise<const O extends Operand>(value: O): Expression<Exclude<T, null> | ResultOf<O>, M | MentionsOf<O>> {
    return new CaseExpression(this.branches, operandOf(value));
  }

  get parts(): readonly Expression[] {
    return [...this.branches.map(({ then }) => then), this.fallback];
  }

  override get conditions(): readonly Where[] {
    return this.branches.map(({ where }) => where);
  }

  compile(context: ExpressionContext): CompiledExpression {
    const values = compileAlike(this.parts, context);
    const clauses = this.branches.map(
      ({ where }, index) => sql`WHEN ${context.truth(where)} THEN ${values.each[index]!.sql}`,
    );
    const other = values.each.at(-1)!;
    const text = sql`CASE ${join(clauses, ' ')} ELSE ${other.sql} END`;
    return { ...values.common, sql: text, nullable: values.each.some(({ nullable }) => nullable) };
  }
}

/** The first of some values that is not NULL. */
export function Coalesce<const A extends Operand, const B extends readonly Operand[]>(
  first: A,
  ...others: B
): Expression<Present<ResultOf<A>> | ResultOf<B[number]>, MentionsOf<A> | MentionsOf<B[number]>> {
  return new CoalesceExpression([first, ...others].map(operandOf));
}

class CoalesceExpression<T, M> extends Expression<T, M> {
  constructor(readonly parts: readonly Expression[]) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { each, common } = compileAlike(this.parts, context);
    const values = join(
      each.map(({ sql: value }) => value),
      ', ',
    );
    return { ...common, sql: sql`COALESCE(${values})`, nullable: each.every(({ nullable }) => nullable) };
  }
}

/** The truth of a condition as a value. */
export class TruthExpression<M = unknown> extends Expression<boolean, M> {
  readonly parts = [];

  constructor(private readonly where: Where) {
    super();
  }

  override get conditions(): readonly Where[] {
    return [this.where];
  }

  compile(context: ExpressionContext): CompiledExpression {
    return { sql: context.truth(this.where), kind: 'boolean', nullable: false };
  }
}

/** Values that stand for each other, and what is common to them. */
interface Alike {
  readonly each: readonly CompiledExpression[];
  readonly common: Pick<CompiledExpression, 'kind' | 'scale' | 'column'>;
}

/** Compiles values of which one will be the result; bare values take the kind of the others. */
export function compileAlike(parts: readonly Expression[], context: ExpressionContext): Alike {
  const each = compileTogether(parts, context);
  const known = each.filter((_, index) => hasValue(parts[index]!));
  const kinds = new Set(known.map(({ kind }) => kind));
  const kind = known[0]?.kind ?? 'string';
  const text = ['string', 'text', 'enum'];
  const numbers = ['integer', 'bigint', 'decimal', 'float'];
  const widest = [text, numbers].find((family) => [...kinds].every((each) => family.includes(each)));
  if (kinds.size > 1 && !widest)
    throw new QueryUsageError(`Values of one result cannot be ${[...kinds].join(' and ')}`);
  const result = kinds.size > 1 ? widest![Math.max(...[...kinds].map((each) => widest!.indexOf(each)))]! : kind;
  const scales = known.map(({ scale, kind: own }) => (own === 'decimal' ? scale : 0));
  const scale = scales.includes(undefined) ? undefined : Math.max(0, ...(scales as number[]));
  const columns = new Set(known.map(({ column }) => column));
  return {
    each,
    common: {
      kind: result as CompiledExpression['kind'],
      scale: result === 'decimal' ? scale : undefined,
      column: columns.size === 1 && result !== 'decimal' ? [...columns][0] : undefined,
    },
  };
}

function hasValue(part: Expression): boolean {
  return !(part instanceof ValueExpression) || part.value !== null;
}
