import { type Dialect, type FieldKind } from '../../../describe/entity-description.js';
import { QueryUsageError } from '../../query.errors.js';
import { type SqlDialect } from '../../sql/sql-dialect.js';
import { type Sql } from '../../sql/sql.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expression.js';

/** Writes a call of its compiled arguments. */
export type CallWriter = (args: readonly Sql[], values: readonly CompiledExpression[], dialect: SqlDialect) => Sql;

/** What a call comes to. */
export type CallResult = Omit<CompiledExpression, 'sql' | 'column'>;

/** A function of the database as the dialects write it. */
export interface FunctionRule {
  readonly name: string;
  /** Kinds of each argument; the last stands for those that follow. Null for every kind. */
  readonly takes: readonly (readonly FieldKind[] | null)[];
  /** One text for every database, or one for each; absent where a database has no such function. */
  readonly write: CallWriter | Readonly<Partial<Record<Dialect, CallWriter>>>;
  result(values: readonly CompiledExpression[]): CallResult;
}

/** A call of a function. @throws QueryUsageError for arguments of kinds that it does not take */
export class FunctionExpression<T = unknown, M = unknown> extends Expression<T, M> {
  constructor(
    private readonly rule: FunctionRule,
    readonly parts: readonly Expression[],
  ) {
    super();
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { rule } = this;
    const values = this.parts.map((part) => context.compile(part));
    values.forEach(({ kind }, index) => refuseUnfit(rule, kind, index));
    const write = typeof rule.write === 'function' ? rule.write : rule.write[context.dialect.name];
    if (!write) throw new QueryUsageError(`${rule.name} is not there on ${context.dialect.name}`);
    const call = write(
      values.map(({ sql }) => sql),
      values,
      context.dialect,
    );
    return { ...rule.result(values), sql: call };
  }
}

/** A result of one kind, NULL where an argument is. */
export function resulting(
  kind: FieldKind,
  { nullable = false, scale }: Partial<CallResult> = {},
): FunctionRule['result'] {
  return (values) => ({ kind, scale, nullable: nullable || values.some((value) => value.nullable) });
}

/** A result of the kind of the first argument. */
export function sameAsFirst(values: readonly CompiledExpression[]): CallResult {
  const { kind, scale } = values[0]!;
  return { kind, scale, nullable: values.some(({ nullable }) => nullable) };
}

function refuseUnfit({ name, takes }: FunctionRule, kind: FieldKind, index: number): void {
  const kinds = takes[Math.min(index, takes.length - 1)];
  if (kinds && !kinds.includes(kind))
    throw new QueryUsageError(`${name} takes ${kinds.join(', ')} there, got a ${kind}`, {
      hint: index === 0 ? undefined : 'Give the value of an own kind with Value(…)',
    });
}
