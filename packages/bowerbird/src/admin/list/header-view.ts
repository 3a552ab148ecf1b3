import { type AdminDescriptor, type ColumnDescriptor, type OrderTerm } from '../site/admin-descriptor.js';
import { firstPage, listAddress, type ListState, type SortTerm } from './list-state.js';
import { isNumber } from './row-writer.js';

/** The heading of a column. */
export interface HeaderView {
  readonly label: string;
  /** Sorts by the column first, or turns its direction; null when it cannot be sorted. */
  readonly url: string | null;
  readonly sorted: 'ascending' | 'descending' | null;
  readonly icon: 'up' | 'down' | 'sort';
  /** Place among several sorted columns, counted from 1. */
  readonly rank: number | null;
  /** Stops sorting by the column. */
  readonly dropUrl: string | null;
  readonly numeric: boolean;
}

/** The headings of a list with their sort links. */
export function headerViews(
  descriptor: AdminDescriptor,
  names: readonly string[],
  state: ListState,
): readonly HeaderView[] {
  return names.map((name) =>
    headerView(
      descriptor,
      descriptor.columns.find((column) => column.name === name)!,
      state,
    ),
  );
}

function headerView({ ordering }: AdminDescriptor, column: ColumnDescriptor, state: ListState): HeaderView {
  const { sort } = state;
  const at = sort.findIndex((term) => term.column === column.name);
  const own = sort[at];
  const others = sort.filter((term) => term !== own);
  const to = (terms: readonly SortTerm[]) => listAddress({ ...firstPage(state), sort: terms });
  const shown = own ?? (sort.length === 0 ? firstOfDefault(ordering, column) : undefined);
  const turned = { column: column.name, descending: shown ? !shown.descending : isNumber(column) };
  return {
    label: column.label,
    url: column.sortable ? to(own ? sort.with(at, turned) : [turned, ...others]) : null,
    sorted: shown ? (shown.descending ? 'descending' : 'ascending') : null,
    icon: shown ? (shown.descending ? 'down' : 'up') : 'sort',
    rank: own && sort.length > 1 ? at + 1 : null,
    dropUrl: own ? to(others) : null,
    numeric: isNumber(column),
  };
}

/** How a column is sorted while the visitor has chosen nothing; undefined unless the list's own order starts with it. */
function firstOfDefault([first]: readonly OrderTerm[], column: ColumnDescriptor): SortTerm | undefined {
  const [own] = column.ordering;
  if (!first || !own || own.path !== first.path) return undefined;
  return { column: column.name, descending: first.descending !== own.descending };
}
