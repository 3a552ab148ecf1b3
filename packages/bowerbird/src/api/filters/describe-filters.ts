import { didYouMean } from '#core';
import { type Choice, type FieldKind, type ResolvedPath } from '#orm';

import { FILTER_LOOKUPS, lookupsOf, type FilterLookup } from './filter-lookups.js';
import { filterParameter, listSchema, type FilterParameter } from './filter-parameter.js';
import { FilterSet } from './filter-set.js';
import { refuse, secrecyOf, targetOf, type FilterTools } from './filter-tools.js';
import { readerOf } from './filter-value.js';

/** A parameter whose condition is not the comparison of one field. */
export interface CustomFilter {
  /** What its value is. */
  readonly kind: FieldKind;
  /** Whether it takes several values, separated by commas. */
  readonly list?: boolean;
  /** The only values that it takes. */
  readonly choices?: readonly Pick<Choice, 'value'>[];
  /** One sentence for readers of the API. */
  readonly help: string;
  /** The condition for a value, or for a list of values: lookups or a `Q`. */
  readonly where: (value: never) => object;
}

/** What a viewset says of one filter: all lookups that make sense, some of them, or a condition of its own. */
export type FilterDeclaration = true | readonly string[] | CustomFilter;

/** The filters of a viewset: paths with all lookups that make sense for them, or what is declared of each. */
export type FilterDeclarations = readonly string[] | Readonly<Record<string, FilterDeclaration>>;

/** What belongs to no filter in particular. */
export interface FilterOptions {
  /** Whether conditions can be put together in one parameter: `filter=or(status=draft,featured=true)`. */
  readonly expression?: boolean;
}

/** The parameter for conditions that are put together. */
const EXPRESSION = 'filter';

/** Derives the filters of an entity; whatever is wrong is reported and left out. */
export function describeFilters(
  declared: FilterDeclarations,
  tools: FilterTools,
  { expression = false }: FilterOptions = {},
): FilterSet {
  const entries = isList(declared) ? declared.map((path) => [path, true] as const) : Object.entries(declared);
  const filters = entries.flatMap(([name, declaration]) => describeFilter(name, declaration, tools));
  return new FilterSet(filters, expression ? EXPRESSION : null);
}

function isList(declared: FilterDeclarations): declared is readonly string[] {
  return Array.isArray(declared);
}

function describeFilter(name: string, declaration: FilterDeclaration, tools: FilterTools): readonly FilterParameter[] {
  if (declaration !== true && 'where' in declaration) return [customFilter(name, declaration)];
  const target = targetOf(name, 'filters', tools);
  if (!target) return [];
  const secrecy = secrecyOf(target);
  const suitable = lookupsOf(target);
  if (secrecy !== undefined || suitable.length === 0) return unfit(name, secrecy ?? target.field!.kind, tools);
  const chosen =
    declaration === true
      ? suitable
      : declaration.flatMap((lookup) => chosenLookup(name, lookup, suitable, tools) ?? []);
  return chosen.map((lookup) => filterParameter(name, lookup, target, (path) => fieldAt(path, tools)));
}

function fieldAt(path: string, tools: FilterTools): ResolvedPath | undefined {
  return targetOf(path, 'filters', tools);
}

function unfit(path: string, reason: string, tools: FilterTools): readonly [] {
  const hint = 'Leave it out, or declare a filter with a condition of its own: { kind, help, where }';
  refuse('api.E021', `"${path}" is ${reason} and cannot be filtered by`, 'filters', hint, tools);
  return [];
}

function chosenLookup(
  path: string,
  name: string,
  suitable: readonly FilterLookup[],
  tools: FilterTools,
): FilterLookup | undefined {
  const found = suitable.find((lookup) => lookup.name === name);
  if (found) return found;
  const names = suitable.map((lookup) => lookup.name);
  const known = FILTER_LOOKUPS.some((lookup) => lookup.name === name);
  const guess = known ? '' : didYouMean(name, names);
  const hint = guess || `There are ${names.join(', ')}`;
  return refuse('api.E022', `"${path}" cannot be compared by "${name}"`, 'filters', hint, tools);
}

function customFilter(name: string, { kind, list = false, choices, help, where }: CustomFilter): FilterParameter {
  const reader = readerOf({
    kind,
    ...(choices && { choices: choices.map(({ value }) => ({ value, label: String(value) })) }),
  });
  return Object.freeze({
    description: { name, description: help, schema: list ? listSchema(reader.schema) : reader.schema },
    reader,
    list,
    unsure: () => true,
    where: where as (value: unknown) => object,
  });
}
