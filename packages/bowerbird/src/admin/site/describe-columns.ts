import { error } from '#core';
import {
  isUnknown,
  knownNames,
  plainTextPaths,
  textJoins,
  textPath,
  type EntityDescription,
  type ResolvedPath,
} from '#orm';

import { type ColumnDescriptor, type ColumnReader, type OrderTerm } from './admin-descriptor.js';
import { DISPLAY_NOTE } from './admin-note.js';
import { type ComputedColumn, type DisplayOptions } from './admin-options.js';
import { hintFor, listOf, type DescribeScope } from './describe-scope.js';
import { heading, labelFrom, noun } from './labels.js';

/** The columns of a list and the relations that they need. */
export interface DescribedColumns {
  readonly columns: readonly ColumnDescriptor[];
  readonly joins: readonly string[];
}

type ColumnOption = string | ComputedColumn<never, string>;
/** A column before it is known whether it links and sorts. */
export interface ColumnDraft {
  readonly column: Omit<ColumnDescriptor, 'link' | 'sortable'>;
  readonly joins: readonly string[];
}

/** Describes `list`, `listLinks` and `sortable`. */
export function describeColumns(scope: DescribeScope): DescribedColumns {
  const wanted: readonly ColumnOption[] = scope.options.list?.length ? scope.options.list : ['toString'];
  const drafts = wanted.map((option, index) => describeOption(scope, option, index)).filter((draft) => draft !== null);
  const columns = drafts.map(({ column }) => column);
  checkDuplicates(scope, columns);
  const names = columns.map(({ name }) => name);
  checkMembers(scope, 'listLinks', names);
  checkMembers(scope, 'sortable', names);
  return { columns: finish(scope, columns), joins: [...new Set(drafts.flatMap(({ joins }) => joins))] };
}

function finish(scope: DescribeScope, columns: readonly ColumnDraft['column'][]): readonly ColumnDescriptor[] {
  const { listLinks, sortable } = scope.options;
  const links = new Set(listLinks === false ? [] : (listLinks ?? columns.slice(0, 1).map(({ name }) => name)));
  const sorted = new Set(sortable === false ? [] : (sortable ?? columns.map(({ name }) => name)));
  return columns.map((column) => ({
    ...column,
    link: links.has(column.name),
    sortable: column.ordering.length > 0 && sorted.has(column.name),
  }));
}

function describeOption(scope: DescribeScope, option: ColumnOption, index: number): ColumnDraft | null {
  return typeof option === 'string'
    ? describeName(scope, option, scope.at('list', index))
    : describeComputed(scope, option, index);
}

/** One name of a list or of a form's read-only fields: field, relation, path, method or getter, in this order. */
export function describeName(scope: DescribeScope, name: string, at: string): ColumnDraft | null {
  if (name === 'toString') return textColumn(scope);
  const found = scope.resolve(name);
  if (!isUnknown(found)) return pathColumn(scope, name, found, at);
  const read = memberReader(scope, name);
  if (read) return memberColumn(scope, name, read, at);
  const known = [...found.known, ...members(scope)];
  scope.report(
    error('admin.E010', `${scope.entity.name} has no field, relation, method or getter "${name}"`, {
      at,
      hint: hintFor(found.unknown, known),
    }),
  );
  return null;
}

function textColumn(scope: DescribeScope): ColumnDraft {
  const { entity } = scope;
  return {
    column: {
      name: 'toString',
      label: heading(scope.options.label ?? entity.label),
      read: (row) => entity.text(row),
      kind: 'text',
      field: null,
      related: null,
      ordering: ascending(textPath(entity, scope.describe)),
      plain: plainTextPaths(entity, scope.describe)?.[0] ?? null,
      empty: scope.empty,
    },
    joins: textJoins(entity, '', scope.describe),
  };
}

function pathColumn(scope: DescribeScope, name: string, found: ResolvedPath, at: string): ColumnDraft | null {
  if (found.many) {
    const hint = 'Show it by a method that loads what it needs, or filter by it instead';
    scope.report(error('admin.E011', `"${name}" leads to several rows and cannot be a column`, { at, hint }));
    return null;
  }
  if (found.field?.sensitive) {
    const hint = 'Remove it; sensitive values are never shown';
    const reason = found.field.selected ? 'is marked as sensitive' : 'counts as sensitive, because of select: false';
    scope.report(error('admin.E012', `"${name}" ${reason}`, { at, hint }));
    return null;
  }
  if (found.field?.selected === false) {
    const hint = 'Show it by a method that loads it';
    scope.report(error('admin.E019', `"${name}" has select: false and would look empty`, { at, hint }));
    return null;
  }
  return {
    column: {
      name,
      label: pathLabel(scope.entity, name, found),
      read: pathReader(name),
      kind: null,
      field: found.field,
      related: found.relation ? found.entity : null,
      ordering: pathOrdering(scope, name, found),
      plain: plainPath(scope, name, found),
      empty: scope.empty,
    },
    joins: found.relation ? [...found.joins, ...textJoins(found.entity, `${name}.`, scope.describe)] : found.joins,
  };
}

/** A path through a relation is told apart from the entity's own field by the name of the relation. */
function pathLabel(entity: EntityDescription, name: string, found: ResolvedPath): string {
  const own = found.relation ?? found.field;
  if (!own) return labelFrom(name);
  const first = entity.field(name) ? undefined : entity.relation(name.split('.')[0]!);
  return heading(first && first !== own ? `${first.label} ${noun(own.label)}` : own.label);
}

function pathOrdering(scope: DescribeScope, name: string, found: ResolvedPath): readonly OrderTerm[] {
  if (found.field) return found.field.kind === 'json' || found.field.kind === 'binary' ? [] : ascending(name);
  const text = textPath(found.entity, scope.describe);
  return ascending(...(text ? [text] : found.entity.primaryKey).map((path) => `${name}.${path}`));
}

function plainPath(scope: DescribeScope, name: string, found: ResolvedPath): string | null {
  if (found.field) return name;
  const text = textPath(found.entity, scope.describe);
  return text === undefined ? null : `${name}.${text}`;
}

function memberColumn(scope: DescribeScope, name: string, read: ColumnReader, at: string): ColumnDraft {
  const shown = displayOf(scope, name);
  return {
    column: {
      name,
      label: shown.label ?? labelFrom(name),
      read,
      kind: shown.kind ?? null,
      field: null,
      related: null,
      ordering: computedOrdering(scope, shown, at),
      plain: null,
      empty: shown.empty ?? scope.empty,
    },
    joins: [],
  };
}

function describeComputed(
  scope: DescribeScope,
  option: ComputedColumn<never, string>,
  index: number,
): ColumnDraft | null {
  const at = scope.at('list', index);
  if (typeof option.value !== 'function' || typeof option.label !== 'string') {
    const hint = 'Write { label: "…", value: (row) => … }';
    scope.report(error('admin.E013', 'A computed column needs a label and a value function', { at, hint }));
    return null;
  }
  return {
    column: {
      name: option.label,
      label: option.label,
      read: option.value as ColumnReader,
      kind: option.kind ?? null,
      field: null,
      related: null,
      ordering: computedOrdering(scope, option, at),
      plain: null,
      empty: option.empty ?? scope.empty,
    },
    joins: [],
  };
}

function computedOrdering(scope: DescribeScope, shown: DisplayOptions, at: string): readonly OrderTerm[] {
  if (shown.ordering === undefined) return [];
  const [term] = parseOrder([shown.ordering]);
  const found = scope.find(term!.path);
  if (found?.field && !found.many) return [term!];
  const hint = hintFor(term!.path, knownNames(scope.entity));
  scope.report(
    error('admin.E014', `The column sorts by "${term!.path}", which is not a path to one value`, { at, hint }),
  );
  return [];
}

function checkDuplicates(scope: DescribeScope, columns: readonly { readonly name: string }[]): void {
  const names = columns.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    scope.report(
      error('admin.E015', `The column "${name}" stands twice in the list`, {
        at: scope.at('list'),
        hint: 'Remove one',
      }),
    );
}

function checkMembers(scope: DescribeScope, option: 'listLinks' | 'sortable', names: readonly string[]): void {
  listOf(scope.options[option]).forEach((name, index) => {
    if (names.includes(name)) return;
    const at = scope.at(option, index);
    scope.report(error('admin.E016', `"${name}" is not a column of the list`, { at, hint: hintFor(name, names) }));
  });
}

/** Reads a dotted path; null and missing steps give undefined. */
export function pathReader(path: string): ColumnReader {
  const [first, second, ...more] = path.split('.') as [string, string?, ...string[]];
  const step = (value: unknown, name: string) => (value as Record<string, unknown> | null | undefined)?.[name];
  if (second === undefined) return (row) => (row as Record<string, unknown>)[first];
  if (more.length === 0) return (row) => step((row as Record<string, unknown>)[first], second);
  return (row) => [first, second, ...more].reduce<unknown>(step, row);
}

function memberReader(scope: DescribeScope, name: string): ColumnReader | undefined {
  const admin = scope.admin as unknown as Record<string, (row: object) => unknown>;
  if (typeof admin[name] === 'function' && !(name in Object.prototype)) return (row) => admin[name]!(row);
  const member = memberOf(scope.entity.target.prototype as object, name);
  if (member?.get) return pathReader(name);
  if (typeof member?.value === 'function') return (row) => (row as Record<string, () => unknown>)[name]!();
  return undefined;
}

function memberOf(prototype: object, name: string): PropertyDescriptor | undefined {
  for (
    let level: object | null = prototype;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    const member = Object.getOwnPropertyDescriptor(level, name);
    if (member) return member;
  }
  return undefined;
}

function members(scope: DescribeScope): readonly string[] {
  const own = Object.getOwnPropertyNames(scope.entity.target.prototype as object);
  const admin = Object.getOwnPropertyNames(Object.getPrototypeOf(scope.admin) as object);
  return [...own, ...admin].filter((name) => name !== 'constructor');
}

function displayOf(scope: DescribeScope, name: string): DisplayOptions {
  return DISPLAY_NOTE.read(scope.admin, name) ?? DISPLAY_NOTE.read(scope.entity.target.prototype as object, name) ?? {};
}

/** `['-price', 'name']` as order terms. */
export function parseOrder(names: readonly string[]): readonly OrderTerm[] {
  return names.map((name) =>
    name.startsWith('-') ? { path: name.slice(1), descending: true } : { path: name, descending: false },
  );
}

function ascending(...paths: readonly (string | undefined)[]): readonly OrderTerm[] {
  return paths.filter((path) => path !== undefined).map((path) => ({ path, descending: false }));
}

/** What a list needs of its rows when no column is computed: the columns, the key and the text form. */
export function describePlainPaths(
  scope: DescribeScope,
  columns: readonly ColumnDescriptor[],
): readonly string[] | null {
  const { entity } = scope;
  const text = plainTextPaths(entity, scope.describe);
  const paths = columns.map(({ plain }) => plain).filter((path) => path !== null);
  const keyed = entity.primaryKey.every((path) => entity.field(path) && !path.includes('.'));
  if (!text || !keyed || paths.length < columns.length) return null;
  return [...new Set([...entity.primaryKey, ...text, ...paths])];
}
