import { Injectable } from '@nestjs/common';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor, type FilterDescriptor } from '../site/admin-descriptor.js';
import { isActive } from './apply-filters.js';
import { FilterChoices, type OfferedChoices } from './filter-choices.js';
import { FilterCounts } from './filter-counts.js';
import { filterParameters, firstPage, hiddenPairs, listAddress, withFilter, type ListState } from './list-state.js';

/** One value of a filter as a link that selects or drops it. */
export interface ChoiceView {
  readonly label: string;
  readonly url: string;
  readonly selected: boolean;
  /** Only one value can be selected. */
  readonly one: boolean;
  readonly count: string | null;
}

/** A form inside of a filter, with the rest of the address in hidden fields. */
interface FormView {
  readonly url: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** One filter of the panel. */
export interface FilterGroupView {
  readonly name: string;
  readonly label: string;
  readonly active: boolean;
  readonly choices: readonly ChoiceView[];
  readonly note: string | null;
  /** Leads to the choices of a relation that were not read. */
  readonly openUrl: string | null;
  readonly find: (FormView & { readonly name: string; readonly value: string; readonly label: string }) | null;
  readonly range: (FormView & Readonly<Record<'fromName' | 'toName' | 'from' | 'to', string>>) | null;
}

/** The filter panel. */
export interface FiltersView {
  readonly active: number;
  readonly groups: readonly FilterGroupView[];
  readonly facetsUrl: string | null;
  readonly facetsText: string;
}

/** An active filter above the list, with the address without it. */
export interface ChipView {
  readonly label: string;
  readonly value: string;
  readonly url: string;
}

/** Builds the filter panel and the chips of active filters. */
@Injectable()
export class FilterViews {
  constructor(
    private readonly choices: FilterChoices,
    private readonly counts: FilterCounts,
  ) {}

  async build(
    descriptor: AdminDescriptor,
    names: readonly string[],
    state: ListState,
    context: AdminContext,
  ): Promise<{ readonly filters: FiltersView | null; readonly chips: readonly ChipView[] }> {
    const filters = names.map((name) => descriptor.filters.find((filter) => filter.name === name)!).filter(Boolean);
    const groups: FilterGroupView[] = [];
    const chips: ChipView[] = [];
    const counted = descriptor.facets === 'always' || (descriptor.facets === 'demand' && state.facets);
    const offers = await this.choices.of(filters, descriptor, state, context);
    const counts = counted ? await this.counts.of(filters, offers, descriptor, state, context) : [];
    for (const [index, filter] of filters.entries()) {
      groups.push(group(filter, offers[index]!, counts[index] ?? [], state));
      chips.push(...chipsOf(filter, offers[index]!, state));
    }
    if (groups.length === 0) return { filters: null, chips };
    const facets = descriptor.facets === 'demand' ? listAddress({ ...firstPage(state), facets: !state.facets }) : null;
    const active = groups.filter((group) => group.active).length;
    const facetsText = state.facets ? 'Hide counts' : 'Show counts';
    return { filters: { active, groups, facetsUrl: facets, facetsText }, chips };
  }
}

const SINGLE: ReadonlySet<FilterDescriptor['kind']> = new Set(['boolean', 'date', 'empty', 'custom']);

function group(
  filter: FilterDescriptor,
  offer: OfferedChoices,
  counts: readonly string[],
  state: ListState,
): FilterGroupView {
  const one = SINGLE.has(filter.kind);
  const selected = state.filters.get(filter.name) ?? [];
  const choices = offer.choices.map(({ value, label }, index) => ({
    label,
    one,
    selected: selected.includes(value),
    url: listAddress(withFilter(state, filter.name, toggled(selected, value, one))),
    count: counts[index] ?? null,
  }));
  const all: ChoiceView = {
    label: 'All',
    one,
    selected: selected.length === 0,
    url: listAddress(withFilter(state, filter.name, [])),
    count: null,
  };
  return {
    name: filter.name,
    label: filter.label,
    active: isActive(filter, state),
    choices: one ? [all, ...choices] : choices,
    note: offer.more ? 'There are more. Type to find them.' : null,
    openUrl: offer.closed ? listAddress({ ...state, open: filter.name }) : null,
    find: findForm(filter, offer, state),
    range: rangeForm(filter, state),
  };
}

function toggled(selected: readonly string[], value: string, one: boolean): readonly string[] {
  if (one) return [value];
  return selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value];
}

function findForm(
  filter: FilterDescriptor,
  { more, closed }: OfferedChoices,
  state: ListState,
): FilterGroupView['find'] {
  const name = filter.kind === 'values' ? filter.name : `${filter.name}__find`;
  const [value = ''] = state.filters.get(name) ?? [];
  const wanted = filter.kind === 'values' || (filter.kind === 'relation' && (more || closed || value !== ''));
  return wanted ? { url: '?', hidden: hiddenPairs(state, [name]), name, value, label: filter.label } : null;
}

function rangeForm({ kind, name }: FilterDescriptor, state: ListState): FilterGroupView['range'] {
  if (kind !== 'date') return null;
  const [fromName, toName] = [`${name}__from`, `${name}__to`];
  const value = (parameter: string) => state.filters.get(parameter)?.[0] ?? '';
  return {
    url: '?',
    hidden: hiddenPairs(state, [name, fromName, toName]),
    fromName,
    toName,
    from: value(fromName),
    to: value(toName),
  };
}

function chipsOf(filter: FilterDescriptor, { choices }: OfferedChoices, state: ListState): readonly ChipView[] {
  return filterParameters(filter)
    .filter((name) => !name.endsWith('__find'))
    .flatMap((name) => {
      const values = state.filters.get(name) ?? [];
      return values
        .filter((value) => value !== '' || name === filter.name)
        .map((value) => ({
          label: chipLabel(filter, name),
          value: (name === filter.name ? choices.find((choice) => choice.value === value)?.label : undefined) ?? value,
          url: listAddress(
            withFilter(
              state,
              name,
              values.filter((other) => other !== value),
            ),
          ),
        }));
    });
}

function chipLabel({ label }: FilterDescriptor, name: string): string {
  if (name.endsWith('__from')) return `${label} from`;
  return name.endsWith('__to') ? `${label} until` : label;
}
