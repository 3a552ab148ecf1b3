import { ListAddressError } from '../admin.errors.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';

/** One column by which the visitor sorts. */
export interface SortTerm {
  readonly column: string;
  readonly descending: boolean;
}

/** A place in a list that is too long for page numbers. An empty cursor before which to look is the end of the list. */
export interface ListCursor {
  readonly direction: 'after' | 'before';
  readonly value: string;
}

/** Everything that the address of a list says. */
export interface ListState {
  readonly search: string;
  readonly sort: readonly SortTerm[];
  /** Values by filter parameter. */
  readonly filters: ReadonlyMap<string, readonly string[]>;
  /** Counted from 1. */
  readonly page: number;
  readonly cursor: ListCursor | null;
  /** The visitor wants the exact number of rows. */
  readonly exact: boolean;
  /** The visitor wants to see how many rows each filter value has. */
  readonly facets: boolean;
  /** The relation filter whose choices the visitor wants to see; the first one unless said. */
  readonly open: string | null;
  /** The visitor was sent here, because an address could not be understood. */
  readonly failed: boolean;
}

/** Query parameters as the request holds them. */
export type ListQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

const MAX_TEXT = 200;
const MAX_VALUES = 100;
const MAX_CURSOR = 4_000;
const MAX_PAGE = 1_000_000;

/** The parameters that a filter understands beside its own name. */
export function filterParameters({ name, kind }: FilterDescriptor): readonly string[] {
  if (kind === 'date') return [name, `${name}__from`, `${name}__to`];
  return kind === 'relation' || kind === 'values' ? [name, `${name}__find`] : [name];
}

/** Reads the address of a list. @throws ListAddressError for names, pages and columns that the list does not have */
export function parseListState(descriptor: Pick<AdminDescriptor, 'columns' | 'filters'>, query: ListQuery): ListState {
  const parameters = new Set(descriptor.filters.flatMap(filterParameters));
  const filters = new Map<string, readonly string[]>();
  let state: ListState = {
    search: '',
    sort: [],
    filters,
    page: 1,
    cursor: null,
    exact: false,
    facets: false,
    open: null,
    failed: false,
  };
  for (const [name, given] of Object.entries(query)) {
    const values = valuesOf(name, given);
    if (parameters.has(name)) filters.set(name, values);
    else state = { ...state, ...readReserved(name, values, descriptor) };
  }
  return state;
}

function valuesOf(name: string, given: string | readonly string[] | undefined): readonly string[] {
  const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const limit = name === 'after' || name === 'before' ? MAX_CURSOR : MAX_TEXT;
  const usable = values.every((value) => typeof value === 'string' && value.length <= limit && !value.includes('\0'));
  if (!usable || values.length > MAX_VALUES) throw new ListAddressError(`The value of "${name}" cannot be used`);
  return values;
}

type Reader = (values: readonly string[], descriptor: Pick<AdminDescriptor, 'columns'>) => Partial<ListState>;

/** What the names mean that are not those of filters. */
const RESERVED: Readonly<Record<string, Reader>> = {
  q: ([text = '']) => ({ search: text.trim() }),
  o: (names, { columns }) => ({ sort: readSort(names, columns) }),
  p: ([text = '']) => ({ page: readPage(text) }),
  after: ([value = '']) => ({ cursor: { direction: 'after', value } }),
  before: ([value = '']) => ({ cursor: { direction: 'before', value } }),
  count: ([value]) => ({ exact: value === 'exact' }),
  facets: ([value]) => ({ facets: value === '1' }),
  open: ([value]) => ({ open: value ?? null }),
  e: ([value]) => ({ failed: value === '1' }),
};

function readReserved(
  name: string,
  values: readonly string[],
  descriptor: Pick<AdminDescriptor, 'columns'>,
): Partial<ListState> {
  const read = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
  if (read) return read(values, descriptor);
  throw new ListAddressError(`The list has no filter "${name.slice(0, 80)}"`);
}

function readPage(text: string): number {
  const page = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (page >= 1 && page <= MAX_PAGE) return page;
  throw new ListAddressError(`There is no page "${text.slice(0, 20)}"`);
}

function readSort(names: readonly string[], columns: AdminDescriptor['columns']): readonly SortTerm[] {
  const terms = names.map((name) =>
    name.startsWith('-') ? { column: name.slice(1), descending: true } : { column: name, descending: false },
  );
  for (const { column } of terms)
    if (!columns.some(({ name, sortable }) => name === column && sortable))
      throw new ListAddressError(`The list cannot be sorted by "${column.slice(0, 80)}"`);
  return terms.filter(({ column }, index) => terms.findIndex((other) => other.column === column) === index);
}

/** The address of a list in a state, starting with `?`. The same state always has the same address. */
export function listAddress(state: ListState): string {
  const pairs = listPairs(state).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `?${pairs.join('&')}`;
}

/** The whole address of a list in a state; without `?` where there is nothing to say. */
export function listUrlOf({ path }: Pick<AdminDescriptor, 'path'>, state: ListState): string {
  return `${path}${listAddress(state)}`.replace(/\?$/, '');
}

/** The parameters of a state by name, in the order of the address. */
export function listPairs(state: ListState): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  if (state.search !== '') pairs.push(['q', state.search]);
  for (const [name, values] of state.filters) for (const value of values) pairs.push([name, value]);
  for (const { column, descending } of state.sort) pairs.push(['o', descending ? `-${column}` : column]);
  if (state.page > 1) pairs.push(['p', String(state.page)]);
  if (state.cursor) pairs.push([state.cursor.direction, state.cursor.value]);
  if (state.exact) pairs.push(['count', 'exact']);
  if (state.facets) pairs.push(['facets', '1']);
  if (state.open !== null) pairs.push(['open', state.open]);
  return pairs;
}

/** The state at its first page, which every change of search, filters or order leads to. */
export function firstPage(state: ListState): ListState {
  return { ...state, page: 1, cursor: null, failed: false };
}

/** The state with other values of one filter parameter; none removes it. */
export function withFilter(state: ListState, name: string, values: readonly string[]): ListState {
  const filters = new Map(state.filters);
  if (values.length > 0) filters.set(name, values);
  else filters.delete(name);
  return { ...firstPage(state), filters };
}

/** The parameters of a state without some, as hidden fields of a form that sets those itself. */
export function hiddenPairs(state: ListState, without: readonly string[]): readonly { name: string; value: string }[] {
  return listPairs(firstPage(state))
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => ({ name, value }));
}
