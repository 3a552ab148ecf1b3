import { FieldError, Q, type Condition, type QuerySet } from '#orm';

import { ListAddressError } from '../admin.errors.js';
import { type AdminContext } from '../site/admin-context.js';
import { type FilterDescriptor } from '../site/admin-descriptor.js';
import { addDays, choiceRange, dayIn, formatDay, parseDay, startOfDay, type DayRange } from './date-ranges.js';
import { filterParameters, type ListState } from './list-state.js';

/** What filters need to know beside the address. */
export interface FilterScope {
  readonly context: AdminContext;
  readonly now: Date;
  readonly timeZone: string;
}

/** Narrows a query by every filter that the address names, leaving one out where its own counts are asked for. */
export async function applyFilters(
  query: QuerySet,
  filters: readonly FilterDescriptor[],
  state: ListState,
  scope: FilterScope,
  except?: FilterDescriptor,
): Promise<QuerySet> {
  let narrowed = query;
  for (const filter of filters) {
    if (filter === except || !isActive(filter, state)) continue;
    narrowed = await APPLIERS[filter.kind](narrowed, filter, state, scope);
  }
  return narrowed;
}

/** Whether the address says anything about a filter. */
export function isActive(filter: FilterDescriptor, state: ListState): boolean {
  return filterParameters(filter).some(
    (name) =>
      !name.endsWith('__find') && valuesFor(name, state).some((value) => value !== '' || emptyMeansNull(filter)),
  );
}

function emptyMeansNull({ kind }: FilterDescriptor): boolean {
  return kind === 'relation' || kind === 'choices' || kind === 'boolean' || kind === 'values';
}

function valuesFor(name: string, state: ListState): readonly string[] {
  return state.filters.get(name) ?? [];
}

type Applier = (
  query: QuerySet,
  filter: FilterDescriptor,
  state: ListState,
  scope: FilterScope,
) => QuerySet | Promise<QuerySet>;

const APPLIERS: Readonly<Record<FilterDescriptor['kind'], Applier>> = {
  relation: applyValues,
  choices: applyValues,
  values: applyValues,
  boolean: applyBoolean,
  empty: applyEmpty,
  date: applyDate,
  custom: applyCustom,
};

function applyValues(query: QuerySet, filter: FilterDescriptor, state: ListState): QuerySet {
  return query.filter(anyValue(filter, valuesFor(filter.name, state)));
}

function applyBoolean(query: QuerySet, filter: FilterDescriptor, state: ListState): QuerySet {
  const values = valuesFor(filter.name, state).map((value) => booleanValue(filter, value));
  return query.filter(anyValue(filter, values));
}

/** One of the values; the empty text stands for "no value". */
function anyValue({ path, nullable }: FilterDescriptor, values: readonly unknown[]): Condition<object> {
  const given = values.filter((value) => value !== '');
  const none: Condition<object> = Q({ [`${path}__isnull`]: true });
  if (given.length < values.length && !nullable) throw new ListAddressError(`"${path}" always has a value`);
  if (given.length === 0) return none;
  const some: Condition<object> = given.length === 1 ? Q({ [path]: given[0] }) : Q({ [`${path}__in`]: given });
  return given.length < values.length ? some.or(none) : some;
}

function booleanValue({ path }: FilterDescriptor, value: string): boolean | '' {
  if (value === '1' || value === '0') return value === '1';
  if (value === '') return '';
  throw new ListAddressError(`"${path}" is 1, 0 or empty`);
}

function applyEmpty(query: QuerySet, { path, field, name }: FilterDescriptor, state: ListState): QuerySet {
  const [value] = valuesFor(name, state);
  if (value !== '0' && value !== '1') throw new ListAddressError(`"${name}" is 1 or 0`);
  const missing: Condition<object> = Q({ [`${path}__isnull`]: true });
  const text = field?.kind === 'string' || field?.kind === 'text';
  const empty = text ? missing.or({ [path]: '' }) : missing;
  return value === '1' ? query.filter(empty) : query.exclude(empty);
}

function applyDate(query: QuerySet, filter: FilterDescriptor, state: ListState, scope: FilterScope): QuerySet {
  const [choice = ''] = valuesFor(filter.name, state);
  if (choice === 'none' || choice === 'some') return query.filter({ [`${filter.path}__isnull`]: choice === 'none' });
  const range = choice === '' ? { from: null, until: null } : choiceRange(choice, dayIn(scope.now, scope.timeZone));
  if (!range) throw new ListAddressError(`"${filter.name}" has no choice "${choice}"`);
  const from = dayParameter(`${filter.name}__from`, state);
  const to = dayParameter(`${filter.name}__to`, state);
  const given: DayRange = { from, until: to && addDays(to, 1) };
  return inRange(inRange(query, filter, range, scope.timeZone), filter, given, scope.timeZone);
}

function dayParameter(name: string, state: ListState) {
  const [text = ''] = valuesFor(name, state);
  if (text === '') return null;
  const day = parseDay(text);
  if (!day) throw new ListAddressError(`"${name}" is not a date`);
  return day;
}

function inRange(
  query: QuerySet,
  { path, field }: FilterDescriptor,
  { from, until }: DayRange,
  timeZone: string,
): QuerySet {
  const bound = (day: NonNullable<DayRange['from']>) =>
    field?.kind === 'date' ? formatDay(day) : startOfDay(day, timeZone);
  const lookups: Record<string, unknown> = {};
  if (from) lookups[`${path}__gte`] = bound(from);
  if (until) lookups[`${path}__lt`] = bound(until);
  return Object.keys(lookups).length > 0 ? query.filter(lookups) : query;
}

async function applyCustom(
  query: QuerySet,
  { custom, name }: FilterDescriptor,
  state: ListState,
  { context }: FilterScope,
): Promise<QuerySet> {
  const [value = ''] = valuesFor(name, state);
  const choices = await custom!.choices(context);
  if (!choices.some((choice) => choice.value === value))
    throw new ListAddressError(`"${name}" has no choice "${value}"`);
  return custom!.apply(query, value, context);
}

/** Runs work on the database; what the address made wrong in a query becomes a mistake of the address. */
export async function answeringAddress<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FieldError) throw new ListAddressError(error.message, { cause: error });
    throw error;
  }
}
