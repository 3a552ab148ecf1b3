import { Injectable } from '@nestjs/common';

import { QuerySet } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';
import { applyFilters } from './apply-filters.js';
import { type OfferedChoices } from './filter-choices.js';
import { ListQuery } from './list-query.js';
import { withFilter, type ListState } from './list-state.js';

/** Rows beyond which a value of a filter is not counted further. */
const MAX_COUNT = 1_000;

/** Counts how many rows each value of each filter would leave, under the search and all other filters. */
@Injectable()
export class FilterCounts {
  constructor(private readonly query: ListQuery) {}

  /**
   * For each filter one text per choice, in their order: `12`, or `1,000+`. All of them are counted by one statement,
   * each no further than needed.
   */
  async of(
    filters: readonly FilterDescriptor[],
    offers: readonly OfferedChoices[],
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<readonly (readonly string[])[]> {
    const queries: QuerySet[][] = [];
    for (const [index, filter] of filters.entries())
      queries.push(await this.queries(filter, offers[index]!, descriptor, state, context));
    const texts = (await QuerySet.countEach(queries.flat(), { upTo: MAX_COUNT })).map(textOf);
    return queries.map((own) => texts.splice(0, own.length));
  }

  private async queries(
    filter: FilterDescriptor,
    { choices }: OfferedChoices,
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<QuerySet[]> {
    const others = await this.query.matching(descriptor, state, context, filter);
    const scope = this.query.scope(context);
    const queries: QuerySet[] = [];
    for (const { value } of choices) {
      const only = withFilter({ ...state, filters: new Map() }, filter.name, [value]);
      const { custom } = filter;
      queries.push(custom ? custom.apply(others, value, context) : await applyFilters(others, [filter], only, scope));
    }
    return queries;
  }
}

function textOf(count: number): string {
  return count > MAX_COUNT ? '1,000+' : count.toLocaleString('en');
}
