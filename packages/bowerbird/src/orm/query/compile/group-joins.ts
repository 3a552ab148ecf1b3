import { type AggregateParts } from '../expressions/expression.js';
import { QueryUsageError } from '../query.errors.js';

/** An aggregate of a group: the relation to many that it joins, and whether more rows of others would change it. */
interface Reached {
  readonly relation: string | undefined;
  readonly sensitive: boolean;
}

/** The aggregates of one grouped statement, which must not multiply each other's rows. */
export class GroupJoins {
  private readonly reached: Reached[] = [];

  /** @param joined names of joins that put several rows beside one of the entity */
  constructor(private readonly joined: readonly string[] = []) {}

  /** @throws QueryUsageError for values that joins repeat, given the joins that the aggregate speaks of */
  refuseRepeated(parts: AggregateParts, spokenOf: readonly string[]): void {
    const other = this.joined.find((name) => !spokenOf.includes(name));
    if (other === undefined || !parts.argument || !isSensitive(parts)) return;
    throw new QueryUsageError(
      `${parts.name} would count a value again for each row of "${other}" that is joined to it`,
      {
        hint: 'Group in a query of its own and join that, or group by a key of what is joined',
      },
    );
  }

  /** Takes note of an aggregate. @throws QueryUsageError when another one multiplies its rows, or it those of another */
  add(parts: AggregateParts, relation: string | undefined): void {
    const own = { relation, sensitive: isSensitive(parts) };
    const other = this.reached.find((each) => multiplies(own, each) || multiplies(each, own));
    if (other)
      throw new QueryUsageError(
        `Aggregates over ${other.relation ?? 'the rows'} and over ${relation ?? 'the rows'} would count rows twice in one group`,
        { hint: 'Annotate one of them before values(), for each row, and aggregate over its name' },
      );
    this.reached.push(own);
  }
}

/** Whether an aggregate changes when a value comes twice. */
function isSensitive({ name, distinct }: AggregateParts): boolean {
  return !distinct && name !== 'MIN' && name !== 'MAX';
}

function multiplies(joining: Reached, counted: Reached): boolean {
  return counted.sensitive && joining.relation !== undefined && joining.relation !== counted.relation;
}
