import { Injectable } from '@nestjs/common';

import { Reply, type HttpRequest } from '#http';
import { safeHtml } from '#templates';

import { ListAddressError } from '../admin.errors.js';
import { AdminAccess, type Allowed } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { FormatRegistry } from '../site/format-registry.js';
import { noun } from '../site/labels.js';
import { PageFrame } from '../site/page-frame.js';
import { type ValueFormats } from '../site/value-formats.js';
import { answeringAddress } from './apply-filters.js';
import { FilterViews } from './filter-view.js';
import { headerViews } from './header-view.js';
import { ListActions } from './list-actions.js';
import { ListQuery } from './list-query.js';
import { ListReader, type ListRows } from './list-rows.js';
import { firstPage, hiddenPairs, listAddress, listUrlOf, parseListState, type ListState } from './list-state.js';
import { blankView, countView } from './list-texts.js';
import { offeredParts, type OfferedParts } from './offered-parts.js';
import { pageLinks } from './page-links.js';
import { RowWriters } from './row-writers.js';

/** Answers the list of an entity. */
@Injectable()
export class ListPage {
  constructor(
    private readonly access: AdminAccess,
    private readonly query: ListQuery,
    private readonly reader: ListReader,
    private readonly filters: FilterViews,
    private readonly actions: ListActions,
    private readonly writers: RowWriters,
    private readonly formats: FormatRegistry,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
  ) {}

  /** The page for an address; one that cannot be understood leads to the clean list, which says so; a page that is gone leads to the first one. */
  async show(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'view', context);
    try {
      const offered = offeredParts(descriptor, context);
      const state = parseListState(offered, request.query);
      return await answeringAddress(() => this.render(descriptor, offered, state, context));
    } catch (error) {
      if (!(error instanceof ListAddressError) || request.query['e'] === '1') throw error;
      return Reply.redirect(`${descriptor.path}?e=1`, 302);
    }
  }

  private async render(
    descriptor: AdminDescriptor,
    offered: OfferedParts,
    state: ListState,
    context: AdminContext,
  ): Promise<Reply> {
    const allowed = await this.access.allowed(descriptor, context);
    const matching = await this.query.matching(descriptor, state, context);
    const page = await this.reader.read(this.query.ordered(matching, descriptor, state), descriptor, state, context);
    if (!page) return Reply.redirect(listUrlOf(descriptor, firstPage(state)), 302);
    const model = await this.model(descriptor, offered, state, context, page, allowed);
    return this.pages.render('list', model, descriptor);
  }

  private async model(
    descriptor: AdminDescriptor,
    offered: OfferedParts,
    state: ListState,
    context: AdminContext,
    page: ListRows,
    allowed: Allowed,
  ) {
    const formats = this.formats.current();
    const columns = offered.columns.map(({ name }) => name);
    const actions = page.rows.length > 0 ? this.actions.offered(descriptor, context, allowed) : [];
    const names = offered.filters.map(({ name }) => name);
    const { filters, chips } = await this.filters.build(descriptor, names, state, context);
    const addUrl = allowed.add ? `${descriptor.path}add/` : null;
    const narrowed = state.search !== '' || chips.length > 0;
    const address = listAddress(state);
    return {
      frame: await this.frame.build(context, { title: descriptor.labelPlural, descriptor }),
      noun: noun(descriptor.label),
      addUrl,
      notice: state.failed ? 'The address could not be understood. This is the whole list.' : null,
      count: countView(descriptor, page, state, formats),
      search: searchView(descriptor, state),
      filters,
      chips,
      clearUrl: listAddress({ ...state, filters: new Map(), page: 1, cursor: null }),
      action: address,
      actions,
      across: page.total.count > page.rows.length ? acrossText(page, descriptor, formats) : null,
      headers: headerViews(descriptor, columns, state),
      scrollable: true,
      rows: this.rows(descriptor, page, columns, actions.length > 0, address, formats),
      blank: page.rows.length === 0 ? blankView(descriptor, narrowed, addUrl) : null,
      pages: pageLinks(page, state, descriptor.perPage, (count) => formats.count(count)),
    };
  }

  private rows(
    descriptor: AdminDescriptor,
    page: ListRows,
    columns: readonly string[],
    selectable: boolean,
    address: string,
    formats: ValueFormats,
  ) {
    const back = address === '?' ? '' : `?_list=${encodeURIComponent(address.slice(1))}`;
    const writer = this.writers.of(descriptor, formats);
    return safeHtml(writer.write(page.rows, { columns, selectable, linked: true, back }));
  }
}

function searchView(descriptor: AdminDescriptor, state: ListState) {
  if (descriptor.search.length === 0) return null;
  return { url: '?', value: state.search, help: descriptor.searchHelp, hidden: hiddenPairs(state, ['q']) };
}

function acrossText({ total }: ListRows, { labelPlural }: AdminDescriptor, formats: ValueFormats): string {
  return total.kind === 'exact'
    ? `${formats.count(total.count)} ${noun(labelPlural)}`
    : `matching ${noun(labelPlural)}`;
}
