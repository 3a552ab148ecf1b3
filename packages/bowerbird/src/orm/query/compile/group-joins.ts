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

  /** Takes note of an aggregate. @throws QueryUsageError when another one multiplies its rows, or it those of another */
  add({ name, distinct }: AggregateParts, relation: string | undefined): void {
    const sensitive = !distinct && name !== 'MIN' && name !== 'MAX';
    const own = { relation, sensitive };
    const other = this.reached.find((each) => multiplies(own, each) || multiplies(each, own));
    if (other)
      throw new QueryUsageError(
        `Aggregates over ${other.relation ?? 'the rows'} and over ${relation ?? 'the rows'} would count rows twice in one group`,
        { hint: 'Annotate one of them before values(), for each row, and aggregate over its name' },
      );
    this.reached.push(own);
  }
}

function multiplies(joining: Reached, counted: Reached): boolean {
  return counted.sensitive && joining.relation !== undefined && joining.relation !== counted.relation;
}
