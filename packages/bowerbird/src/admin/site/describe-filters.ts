import { error, type Finding } from '#core';
import {
  isUnknown,
  readSearchField,
  type FieldDescription,
  type ResolvedPath,
  type SearchField,
  type UnknownStep,
} from '#orm';

import { type FilterDescriptor } from './admin-descriptor.js';
import { type CustomFilter, type FilterKind, type FilterOptions } from './admin-options.js';
import { hintFor, listOf, type DescribeScope } from './describe-scope.js';
import { heading, labelFrom } from './labels.js';

type FilterOption = string | FilterOptions<string> | CustomFilter<never>;
type BuiltInKind = Exclude<FilterKind, 'auto'>;

/** Names in a list address that have a meaning of their own. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'q',
  'o',
  'p',
  'e',
  'after',
  'before',
  'count',
  'open',
  'facets',
  'action',
  'selected',
  'all',
  '_csrf',
  '_popup',
]);

/** What a kind of filter needs of its path. */
const SUITS: Readonly<Record<BuiltInKind, (found: ResolvedPath) => boolean>> = {
  relation: ({ relation, entity }) => relation !== null && entity.primaryKey.length === 1,
  boolean: ({ field }) => field?.kind === 'boolean',
  choices: ({ field }) => field?.choices !== undefined,
  date: ({ field }) => field?.kind === 'date' || field?.kind === 'datetime',
  empty: ({ nullable, many, field }) => nullable || many || field?.kind === 'string' || field?.kind === 'text',
  values: ({ field }) => field !== null && field.kind !== 'json' && field.kind !== 'binary',
};

/** The order in which `auto` tries. */
const AUTOMATIC: readonly BuiltInKind[] = ['relation', 'boolean', 'choices', 'date', 'values'];

/** Describes `filters`. */
export function describeFilters(scope: DescribeScope): readonly FilterDescriptor[] {
  const filters = listOf<FilterOption>(scope.options.filters)
    .map((option, index) => describeFilter(scope, option, scope.at('filters', index)))
    .filter((filter) => filter !== null);
  filters.forEach(({ name }, index) => {
    if (filters.findIndex((other) => other.name === name) === index && !RESERVED_NAMES.has(name)) return;
    const hint = 'Give every filter a name of its own; a field can have one filter and one "empty" filter';
    scope.report(error('admin.E023', `The filter name "${name}" is taken`, { at: scope.at('filters', index), hint }));
  });
  return filters;
}

function describeFilter(scope: DescribeScope, option: FilterOption, at: string): FilterDescriptor | null {
  if (typeof option === 'object' && 'apply' in option)
    return customFilter(scope, option as unknown as CustomFilter<object>, at);
  const { path, kind = 'auto', label } = typeof option === 'string' ? { path: option } : option;
  const found = scope.resolve(path);
  if (isUnknown(found)) {
    const hint = hintFor(found.unknown, found.known);
    scope.report(error('admin.E021', `${scope.entity.name} has no field or relation "${path}"`, { at, hint }));
    return null;
  }
  const chosen = kind === 'auto' ? AUTOMATIC.find((candidate) => SUITS[candidate](found)) : kind;
  if (!chosen || !SUITS[chosen]?.(found) || found.field?.sensitive) {
    const hint = 'Use another kind, or a filter of your own with choices and apply';
    scope.report(error('admin.E022', `"${path}" cannot be filtered by kind "${kind}"`, { at, hint }));
    return null;
  }
  return builtInFilter(path, chosen, found, label);
}

function builtInFilter(path: string, kind: BuiltInKind, found: ResolvedPath, label?: string): FilterDescriptor {
  return {
    name: kind === 'empty' ? `${path}__empty` : path,
    label: heading(label ?? (found.relation ?? found.field)!.label),
    kind,
    path,
    field: found.field,
    relation: found.relation,
    target: found.relation ? found.entity : null,
    nullable: found.nullable || found.many,
    many: found.many,
    custom: null,
  };
}

function customFilter(scope: DescribeScope, custom: CustomFilter<object>, at: string): FilterDescriptor | null {
  if (!/^\w+$/.test(custom.name) || typeof custom.choices !== 'function' || typeof custom.apply !== 'function') {
    const hint = 'Write { name: "…", label: "…", choices() { … }, apply(query, value) { … } }';
    scope.report(error('admin.E024', `The filter "${String(custom.name)}" is not complete`, { at, hint }));
    return null;
  }
  return {
    name: custom.name,
    label: custom.label ?? labelFrom(custom.name),
    kind: 'custom',
    path: '',
    field: null,
    relation: null,
    target: null,
    nullable: false,
    many: false,
    custom,
  };
}

/** Describes `search`. */
export function describeSearch(scope: DescribeScope): readonly SearchField[] {
  return listOf(scope.options.search)
    .map((name, index) => describeSearchField(scope, name, scope.at('search', index)))
    .filter((field) => field !== null);
}

function describeSearchField(scope: DescribeScope, name: string, at: string): SearchField | null {
  const read = readSearchField(name, (path) => scope.resolve(path));
  if ('lookup' in read) return read;
  scope.report('unfit' in read ? unfitSearch(read.path, read.unfit, at) : unknownSearch(read.path, read.found, at));
  return null;
}

function unknownSearch(path: string, found: ResolvedPath | UnknownStep, at: string): Finding {
  const hint = isUnknown(found) ? hintFor(found.unknown, found.known) : `Name a field of it: "${path}.name"`;
  return error('admin.E025', `"${path}" is not a field that can be searched`, { at, hint });
}

function unfitSearch(path: string, { sensitive, kind }: FieldDescription, at: string): Finding {
  const hint = sensitive ? 'Remove it' : `Search it for equal values: "=${path}"`;
  const reason = sensitive ? 'sensitive' : kind;
  return error('admin.E026', `"${path}" is ${reason} and cannot be searched for a part of it`, { at, hint });
}
