import { annotated, selecting } from './annotate.js';
import { pathsOnly, queriesOnly, recordOnly, textOnly } from './checked-arguments.js';
import { combinedState } from './combine.js';
import { type Suggested } from './condition.types.js';
import { type Annotation, type AnnotationValues, type CheckedAnnotations } from './expressions/expression.types.js';
import { type Annotated, type AsValues, type CarriedAnnotations, type IsUntyped } from './marks.types.js';
import {
  type CheckedValue,
  type CheckedValues,
  type ListRow,
  type Path,
  type PathValue,
  type ValuesRow,
} from './path.types.js';
import { QueryLoading } from './query-loading.js';
import { type QuerySet } from './query-set.js';
import { type SetOperation } from './query-state.js';
import { QueryUsageError } from './query.errors.js';

/** A query whose rows carry annotations. */
export type AnnotatedQuery<E extends object, R, A> =
  IsUntyped<E> extends true
    ? QuerySet<E, R>
    : QuerySet<E & Annotated<AnnotationValues<E, A>>, R & CarriedAnnotations<E, AnnotationValues<E, A>>>;

/** A query that knows annotations which rows do not carry. */
export type AliasedQuery<E extends object, R, A> =
  IsUntyped<E> extends true ? QuerySet<E, R> : QuerySet<E & Annotated<AnnotationValues<E, A>>, R>;

/** What the rows of a query are made of: annotations, values, rows of other queries; {@link QuerySet} adds the rest. */
export abstract class QueryShapes<in out E extends object, out R> extends QueryLoading<E, R> {
  /**
   * Values that the database works out for each row, under names: expressions, or conditions whose truth is the value.
   * Rows carry them, and later calls may use the names like fields. Over a relation to many an aggregate is worked out
   * for each row by itself; after `values()` rows are grouped by the values. A name that is a property's is not put on
   * entities, which keep what they declare.
   * See https://docs.djangoproject.com/en/stable/ref/models/querysets/#annotate
   */
  annotate<const A extends Readonly<Record<string, Annotation>>>(
    annotations: A & CheckedAnnotations<E, A>,
  ): AnnotatedQuery<E, R, A> {
    this.refuseSliced('annotate');
    this.refuseCombined('annotate');
    return this.renamed(
      annotated(
        this.engine.model(this.state.entity),
        this.state,
        recordOnly('annotate', annotations, 'expressions'),
        true,
      ),
    );
  }

  /** The same for names that conditions and orderings use, and that rows do not carry. */
  alias<const A extends Readonly<Record<string, Annotation>>>(
    annotations: A & CheckedAnnotations<E, A>,
  ): AliasedQuery<E, R, A> {
    this.refuseSliced('alias');
    this.refuseCombined('alias');
    return this.renamed(
      annotated(
        this.engine.model(this.state.entity),
        this.state,
        recordOnly('alias', annotations, 'expressions'),
        false,
      ),
    );
  }

  /** The first row, in the ordering of the query, of those that have the same values at some paths. */
  distinctOn<const P extends Suggested<Path<E, 1>>>(...paths: readonly (P & CheckedValue<E, P>)[]): this {
    this.refuseSliced('distinctOn');
    this.refuseCombined('distinctOn');
    return this.with({ distinctOn: pathsOnly('distinctOn', paths) });
  }

  /**
   * The rows of this query and of others, each once. Queries of entities can be refined further; those of values can
   * only be ordered by what they select, and sliced.
   */
  union(...others: readonly QuerySet<E, unknown>[]): QuerySet<E, R> {
    return this.combined('union', others);
  }

  /** The rows of queries of values one after another, equal ones included. */
  unionAll(...others: readonly QuerySet<E, unknown>[]): QuerySet<E, R> {
    return this.combined('union-all', others);
  }

  /** The rows that are in this query and in all of the others. */
  intersection(...others: readonly QuerySet<E, unknown>[]): QuerySet<E, R> {
    return this.combined('intersection', others);
  }

  /** The rows of this query that are in none of the others. */
  difference(...others: readonly QuerySet<E, unknown>[]): QuerySet<E, R> {
    return this.combined('difference', others);
  }

  /** Rows that differ in at least one of the selected values. Of use with `values` and `flat`. */
  distinct(): this {
    this.refuseSliced('distinct');
    this.refuseCombined('distinct');
    return this.with({ distinct: true });
  }

  /** Plain objects with the values at some paths instead of entities. To-many paths give a row per related row. */
  values<const P extends Suggested<Path<E, 1>> = never>(
    ...paths: readonly (P & CheckedValue<E, P>)[]
  ): QuerySet<AsValues<E>, ValuesRow<E, P>> {
    this.refuseCombined('values');
    const state = selecting(this.state, { type: 'values', paths: pathsOnly('values', paths) });
    return this.renamed(state);
  }

  /** The values at some paths as lists, in the order of the paths. */
  valuesList<const P extends readonly Suggested<Path<E, 1>>[]>(
    ...paths: P & CheckedValues<E, P>
  ): QuerySet<E, ListRow<E, P>> {
    this.refuseCombined('valuesList');
    const shape = { type: 'values', paths: pathsOnly('valuesList', paths as readonly string[]), list: true } as const;
    return this.renamed(selecting(this.state, shape));
  }

  /** The bare values at one path instead of entities. */
  flat<const P extends Suggested<Path<E, 1>>>(path: P & CheckedValue<E, P>): QuerySet<E, PathValue<E, P>> {
    this.refuseCombined('flat');
    return this.renamed(selecting(this.state, { type: 'flat', path: textOnly('flat', path, 'one path') }));
  }

  private combined(operation: SetOperation, others: readonly QuerySet<E, unknown>[]): QuerySet<E, R> {
    const foreign = queriesOnly(operation, others).find(({ engine }) => engine !== this.engine);
    if (foreign) throw new QueryUsageError('Queries of different databases cannot be put together');
    const state = combinedState<E>(operation, [
      { query: this, state: this.state },
      ...others.map((query) => ({ query, state: query.state })),
    ]);
    return this.renamed(state);
  }
}
