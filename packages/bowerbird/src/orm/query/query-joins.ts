import { queriesOnly, recordOnly, textOnly, unfit } from './checked-arguments.js';
import { refuseBeyond } from './compile/narrowed-reach.js';
import { selectedNames } from './compile/values-table.js';
import { type Checked, type Conditions } from './condition.types.js';
import { FilteredPath } from './filtered-relation.js';
import { freeName, joinedSource, pairsState, refuseSelected, tableState } from './joined-state.js';
import {
  type CheckedNarrowed,
  type FreeName,
  type JoinedQuery,
  type NarrowedQuery,
  type TableQuery,
  type WithRow,
} from './joined.types.js';
import { type RowOf } from './marks.types.js';
import { type QuerySet } from './query-set.js';
import { QueryShapes } from './query-shapes.js';
import { type JoinKind, type NarrowedRelation } from './query-state.js';

/** On what rows are joined, and which of them stay without another one; `inner` unless told otherwise. */
export interface JoinOptions<L, K extends JoinKind> {
  readonly on: L;
  readonly kind?: K;
}

/** What a query joins beside the relations of its entity; {@link QuerySet} adds the rest. */
export abstract class QueryJoins<in out E extends object, out R> extends QueryShapes<E, R> {
  /**
   * Names relations that conditions narrow: `authors.joined({ live: FilteredRelation('posts', { 'posts.status': 'live' }) })`.
   * Later calls use the names like relations: in paths, counts and `selectRelated`. The condition goes where the rows are
   * joined, so that rows without such related ones stay.
   * See https://docs.djangoproject.com/en/stable/ref/models/querysets/#filteredrelation-objects
   * @throws QueryUsageError, UnknownPathError, UnfitPathError
   */
  joined<const J extends Readonly<Record<string, FilteredPath>>>(
    relations: J & CheckedNarrowed<E, J>,
  ): NarrowedQuery<E, R, J> {
    this.refuseSliced('joined');
    this.refuseCombined('joined');
    this.refuseShape('joined');
    recordOnly('joined', relations, 'relations');
    const model = this.engine.model(this.state.entity);
    const more = Object.entries<FilteredPath>(relations).map(([name, narrowed]): NarrowedRelation => {
      if (!(narrowed instanceof FilteredPath)) throw unfit('joined', 'FilteredRelation() by name', narrowed);
      const { path, where } = narrowed;
      refuseBeyond(model, path, where);
      return { name: freeName(model, this.state, name), path, where };
    });
    return this.renamed({ ...this.state, narrowed: [...this.state.narrowed, ...more] });
  }

  /**
   * Joins the rows of another query under a name, on any condition:
   * `orders.join('rate', rates, { on: { currency: F('rate.currency') }, kind: 'left' })`. `values()` then has a row for
   * each pair, and all that follows speaks of pairs; entities come once each, however many rows they meet. A right or a
   * full join takes the query before it as its left side, and its pairs are no entities.
   * @throws QueryUsageError
   */
  join<const N extends string, S extends object, T, const L extends Conditions<E>, const K extends JoinKind = 'inner'>(
    name: N & FreeName<E, N>,
    source: QuerySet<S, T>,
    options: JoinOptions<L & Checked<WithRow<E, N, RowOf<S, T>>, L>, K>,
  ): JoinedQuery<E, R, N, K, RowOf<S, T>> {
    this.refuseSliced('join');
    this.refuseCombined('join');
    refuseSelected(this.state);
    textOnly('join', name, 'a name');
    queriesOnly('join', [source]);
    recordOnly('join', options, 'a condition');
    const joined = joinedSource(this.engine.model(this.state.entity), this.state, { name, source, options });
    if (joined.kind === 'inner' || joined.kind === 'left')
      return this.renamed({ ...this.state, joins: [...this.state.joins, joined] });
    const left = this.made({
      ...this.state,
      shape: { type: 'pairs' },
      order: [],
      related: [],
      prefetch: [],
      fields: null,
    });
    return this.renamed(pairsState(this.state, left, joined));
  }

  /**
   * A query over the rows of this one, which selects values: its names are all that the new one knows. So groups can be
   * filtered, joined and grouped again: `cities.values('country').annotate({ n: Count('id') }).asTable().aggregate({ most:
   * Max('n') })`. @throws QueryUsageError for a query of entities
   */
  asTable<S extends object, T>(this: QuerySet<S, T>): TableQuery<S, T> {
    return this.renamed(tableState(this.state, this, selectedNames(this.state)));
  }
}
