import { Injectable } from '@nestjs/common';

import { Clock } from '#core';
import { applySearch, type QuerySet } from '#orm';

import { ListAddressError } from '../admin.errors.js';
import { AdminConfig } from '../admin.options.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor, type OrderTerm } from '../site/admin-descriptor.js';
import { withPrimaryKey } from '../site/describe-admin.js';
import { applyFilters, type FilterScope } from './apply-filters.js';
import { type ListState } from './list-state.js';

/** Makes the query of a list from its address: what the user may see, searched, filtered and ordered. */
@Injectable()
export class ListQuery {
  constructor(
    private readonly access: AdminAccess,
    private readonly config: AdminConfig,
    private readonly clock: Clock,
  ) {}

  /** The matching rows without order or joins; `except` leaves one filter out, for its own counts. */
  async matching(
    descriptor: AdminDescriptor,
    state: ListState,
    context: AdminContext,
    except?: FilterDescriptor,
  ): Promise<QuerySet> {
    const rows = this.search(this.access.rows(descriptor, context), descriptor, state, context);
    return applyFilters(rows, descriptor.filters, state, this.scope(context), except);
  }

  /** The query in the order of the address, or else of the declaration; the order is total. */
  ordered(rows: QuerySet, descriptor: AdminDescriptor, state: ListState): QuerySet {
    return rows.orderBy(
      ...orderTerms(descriptor, state).map(({ path, descending }) => (descending ? `-${path}` : path)),
    );
  }

  scope(context: AdminContext): FilterScope {
    return { context, now: this.clock.now(), timeZone: this.config.timeZone };
  }

  private search(rows: QuerySet, descriptor: AdminDescriptor, { search }: ListState, context: AdminContext): QuerySet {
    if (search === '') return rows;
    const own = descriptor.admin.search(rows, search, context);
    if (own) return own;
    if (descriptor.search.length === 0) throw new ListAddressError(`${descriptor.labelPlural} cannot be searched`);
    return applySearch(rows, descriptor.search, search);
  }
}

/** The order that the address asks for, ended by the primary key. */
export function orderTerms(descriptor: AdminDescriptor, { sort }: ListState): readonly OrderTerm[] {
  if (sort.length === 0) return descriptor.ordering;
  const terms = sort.flatMap(({ column, descending }) =>
    descriptor.columns
      .find(({ name }) => name === column)!
      .ordering.map((term) => ({ path: term.path, descending: term.descending !== descending })),
  );
  const once = terms.filter(({ path }, index) => terms.findIndex((other) => other.path === path) === index);
  return withPrimaryKey(descriptor.entity, once);
}
