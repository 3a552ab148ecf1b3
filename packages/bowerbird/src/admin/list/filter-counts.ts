import { Injectable } from '@nestjs/common';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';
import { type FilterChoice } from '../site/admin-options.js';
import { applyFilters } from './apply-filters.js';
import { ListQuery } from './list-query.js';
import { withFilter, type ListState } from './list-state.js';

/** Rows beyond which a value of a filter is not counted further. */
const MAX_COUNT = 1_000;

/** Counts how many rows each value of a filter would leave, under the search and all other filters. */
@Injectable()
export class FilterCounts {
  constructor(private readonly query: ListQuery) {}

  /** One text per choice, in their order: `12`, or `1,000+`. */
  async of(
    filter: FilterDescriptor,
    choices: readonly FilterChoice[],
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
  ): Promise<readonly string[]> {
    const others = await this.query.matching(descriptor, state, context, filter);
    const scope = this.query.scope(context);
    const texts: string[] = [];
    for (const { value } of choices) {
      const only = withFilter({ ...state, filters: new Map() }, filter.name, [value]);
      const rows = await applyFilters(others, [filter], only, scope);
      const count = await rows.count({ upTo: MAX_COUNT });
      texts.push(count > MAX_COUNT ? '1,000+' : count.toLocaleString('en'));
    }
    return texts;
  }
}
