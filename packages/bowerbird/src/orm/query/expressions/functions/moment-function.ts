import { type FieldKind } from '../../../describe/entity-description.js';
import { QueryUsageError } from '../../query.errors.js';
import { type SqlDialect } from '../../sql/sql-dialect.js';
import { type Sql } from '../../sql/sql.js';
import { UTC, type TimeZone } from '../../zones/time-zone.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expression.js';
import { type CallResult } from './function-expression.js';

/** In which zone a moment is taken apart. */
export interface ZoneOptions {
  /** A name of the IANA database, such as `Europe/Berlin`; that of the query where it is absent. */
  readonly zone?: string | undefined;
}

/** A function of dates, times and moments as the dialects write it. */
export interface MomentRule {
  readonly name: string;
  readonly takes: readonly FieldKind[];
  write(value: CompiledExpression, zone: TimeZone, dialect: SqlDialect): Sql;
  /** The kind of what it makes; that of its argument where it is absent. */
  readonly result?: FieldKind;
}

/** A call of a function in a time zone. @throws QueryUsageError for an argument that it does not take */
export class MomentFunction<T = unknown, M = unknown> extends Expression<T, M> {
  readonly parts: readonly Expression[];

  constructor(
    private readonly rule: MomentRule,
    private readonly argument: Expression,
    private readonly options: ZoneOptions,
  ) {
    super();
    this.parts = [argument];
  }

  compile(context: ExpressionContext): CompiledExpression {
    const { name, takes, result } = this.rule;
    const value = context.compile(this.argument);
    if (!takes.includes(value.kind))
      throw new QueryUsageError(`${name} takes ${takes.join(', ')} there, got a ${value.kind}`);
    const zone = zoneFor(name, value.kind, this.options, context);
    const made: CallResult = { kind: result ?? value.kind, nullable: value.nullable };
    return { ...made, sql: this.rule.write(value, zone, context.dialect) };
  }
}

/** The zone of a call, or of its query. @throws QueryUsageError for what has none, UnknownTimeZoneError */
export function zoneFor(
  name: string,
  kind: FieldKind,
  { zone }: ZoneOptions,
  { zone: usual = UTC, dialect }: Pick<ExpressionContext, 'zone' | 'dialect'>,
): TimeZone {
  if (zone === undefined) return usual;
  if (kind === 'datetime') return dialect.zones.of(zone);
  throw new QueryUsageError(`${name} takes no time zone here: its argument is of the kind ${kind}`, {
    hint: 'Leave the zone out; only moments look different in another zone',
  });
}
