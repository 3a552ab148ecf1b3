import { type ListRows } from './list-rows.js';
import { firstPage, listAddress, type ListState } from './list-state.js';

/** One page number, or an ellipsis without an address. */
export interface PageNumber {
  readonly text: string;
  readonly url: string | null;
  readonly current: boolean;
}

/** The links below a list. */
export interface PagesView {
  readonly text: string;
  readonly first: string | null;
  readonly previous: string | null;
  readonly next: string | null;
  readonly last: string | null;
  readonly numbers: readonly PageNumber[];
}

/** The links to other pages, or null when there is only one. */
export function pageLinks(
  page: ListRows,
  state: ListState,
  perPage: number,
  format: (count: number) => string,
): PagesView | null {
  if (page.cursors) return cursorLinks(page, page.cursors, state);
  const pages = Math.ceil(page.total.count / perPage);
  if (pages <= 1) return null;
  const address = (number: number) => listAddress({ ...firstPage(state), page: number });
  const current = state.page;
  return {
    text: `${format(page.offset + 1)}–${format(page.offset + page.rows.length)} of ${format(page.total.count)}`,
    first: null,
    previous: current > 1 ? address(current - 1) : null,
    next: current < pages ? address(current + 1) : null,
    last: null,
    numbers: elided(current, pages).map((number) =>
      number === null
        ? { text: '…', url: null, current: false }
        : { text: format(number), url: number === current ? null : address(number), current: number === current },
    ),
  };
}

function cursorLinks(
  { rows }: ListRows,
  { next, previous }: NonNullable<ListRows['cursors']>,
  state: ListState,
): PagesView | null {
  if (next === null && previous === null) return null;
  const at = (direction: 'after' | 'before', value: string) =>
    listAddress({ ...firstPage(state), cursor: { direction, value } });
  return {
    text: `${rows.length} rows on this page`,
    first: previous === null ? null : listAddress(firstPage(state)),
    previous: previous === null ? null : at('before', previous),
    next: next === null ? null : at('after', next),
    last: next === null ? null : at('before', ''),
    numbers: [],
  };
}

/** The page numbers around the current one and at both ends; null stands for those left out. */
export function elided(current: number, pages: number, around = 2): readonly (number | null)[] {
  const wanted = new Set([1, pages]);
  for (let page = current - around; page <= current + around; page += 1)
    if (page >= 1 && page <= pages) wanted.add(page);
  const numbers = [...wanted].sort((left, right) => left - right);
  return numbers.flatMap((page, index) => {
    const gap = index === 0 ? 0 : page - numbers[index - 1]! - 1;
    if (gap === 0) return [page];
    return gap === 1 ? [page - 1, page] : [null, page];
  });
}
