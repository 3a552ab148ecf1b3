import { error } from '#core';
import { knownNames, type FieldDescription, type RelationDescription } from '#orm';

import { type ColumnDescriptor, type FieldsetDescriptor, type FormDescriptor } from './admin-descriptor.js';
import { type FieldControl } from './admin-options.js';
import { checkAddable } from './check-addable.js';
import { describeName } from './describe-columns.js';
import { hintFor, listOf, type DescribeScope } from './describe-scope.js';
import { heading } from './labels.js';

/** Describes what the add and change forms show. */
export function describeForm(scope: DescribeScope): FormDescriptor {
  const readers = describeReadOnly(scope);
  const fieldsets = describeFieldsets(scope, readers);
  const shown = fieldsets.flatMap(({ lines }) => lines.flat());
  const editable = shown.filter((name) => !readers.has(name));
  checkOnce(scope, shown);
  checkAddable(scope, editable);
  return {
    fieldsets,
    editable,
    readOnly: shown.filter((name) => readers.has(name)),
    readers,
    prepopulated: describePrepopulated(scope, shown),
    controls: describeControls(scope),
    saveAsNew: scope.options.saveAsNew ?? false,
    viewOnSite: (scope.options.viewOnSite as FormDescriptor['viewOnSite']) ?? null,
  };
}

function describeReadOnly(scope: DescribeScope): ReadonlyMap<string, ColumnDescriptor> {
  const readers = new Map<string, ColumnDescriptor>();
  listOf(scope.options.readOnly).forEach((name, index) => {
    const relation = scope.entity.relation(name);
    const draft = relation?.kind.endsWith('to-many') ? null : describeName(scope, name, scope.at('readOnly', index));
    if (draft) readers.set(name, { ...draft.column, link: false, sortable: false });
    else if (relation) readers.set(name, manyReader(scope, relation));
  });
  return readers;
}

function manyReader(scope: DescribeScope, { path, label, target }: RelationDescription): ColumnDescriptor {
  const text = (row: object) => scope.describe(target)?.text(row) ?? '';
  const read = (row: object) => ((row as Record<string, object[] | undefined>)[path] ?? []).map(text);
  return {
    name: path,
    label: heading(label),
    read,
    kind: 'text',
    field: null,
    related: null,
    ordering: [],
    plain: null,
    link: false,
    sortable: false,
    empty: scope.empty,
  };
}

function describeFieldsets(scope: DescribeScope, readers: ReadonlyMap<string, unknown>): readonly FieldsetDescriptor[] {
  const { fieldsets, fields } = scope.options;
  if (fieldsets && fields) {
    const hint = 'Keep fieldsets; they name the fields as well';
    scope.report(error('admin.E041', 'Both "fields" and "fieldsets" are given', { at: scope.at('fields'), hint }));
  }
  const excluded = excludedNames(scope);
  const given = fieldsets ?? [{ fields: fields ?? [...defaultFields(scope), ...readers.keys()] }];
  return given.map((set, index) => {
    const at = fieldsets ? scope.at('fieldsets', index) : scope.at('fields');
    if (set.collapsed && !set.title)
      scope.report(
        error('admin.E042', 'A collapsed fieldset needs a title', { at, hint: 'Give it a title to open it by' }),
      );
    const lines = listOf(set.fields).map((line) => (typeof line === 'string' ? [line] : line));
    return {
      title: set.title ?? null,
      description: set.description ?? null,
      collapsed: Boolean(set.collapsed && set.title),
      lines: lines
        .map((line) => line.filter((name) => !excluded.has(name) && isFormName(scope, name, readers, at)))
        .filter((line) => line.length > 0),
    };
  });
}

function excludedNames(scope: DescribeScope): ReadonlySet<string> {
  const names = listOf(scope.options.exclude);
  names.forEach((name, index) => {
    if (scope.entity.field(name) || scope.entity.relation(name)) return;
    const hint = hintFor(name, knownNames(scope.entity));
    scope.report(
      error('admin.E043', `${scope.entity.name} has no "${name}"`, { at: scope.at('exclude', index), hint }),
    );
  });
  return new Set(names);
}

function isFormName(scope: DescribeScope, name: string, readers: ReadonlyMap<string, unknown>, at: string): boolean {
  if (readers.has(name) || listOf(scope.options.readOnly).includes(name)) return readers.has(name);
  const member = scope.entity.field(name) ?? scope.entity.relation(name);
  if (!member) {
    const hint = hintFor(name, knownNames(scope.entity));
    scope.report(error('admin.E044', `${scope.entity.name} has no field or relation "${name}"`, { at, hint }));
    return false;
  }
  if (isEditable(member)) return true;
  const unread = 'selected' in member && !member.selected;
  const hint = unread
    ? 'It has select: false. Mark it @Field({ editable: true }) to take a value without showing the old one'
    : `Add "${name}" to readOnly to show it`;
  scope.report(error('admin.E045', `"${name}" cannot be edited`, { at, hint }));
  return false;
}

/**
 * Every editable field, then every relation that a form can edit. The other side of a many-to-many relation has to be
 * named: it is edited at the rows that own it, and can have as many links as there are of those.
 */
function defaultFields(scope: DescribeScope): readonly string[] {
  const { fields, relations } = scope.entity;
  const readOnly = new Set<string>(listOf(scope.options.readOnly));
  return [...fields, ...relations]
    .filter((member) => isEditable(member) && !readOnly.has(member.path) && !isInverse(member))
    .filter((member) => !('relation' in member && member.relation !== undefined))
    .map(({ path }) => path);
}

function isInverse(member: FieldDescription | RelationDescription): boolean {
  return 'owning' in member && !member.owning;
}

function isEditable(member: FieldDescription | RelationDescription): boolean {
  if (!member.editable) return false;
  if ('junction' in member || 'owning' in member)
    return member.owning ? member.kind !== 'one-to-many' : member.kind === 'many-to-many';
  return member.generated === false && member.expression === undefined && member.kind !== 'binary';
}

function checkOnce(scope: DescribeScope, names: readonly string[]): void {
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    scope.report(
      error('admin.E046', `"${name}" stands twice on the form`, {
        at: scope.at('fieldsets'),
        hint: 'Remove one of them',
      }),
    );
}

function describePrepopulated(scope: DescribeScope, shown: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(scope.options.prepopulated ?? {}) as [string, readonly string[]][];
  const valid = entries.filter(([name, sources]) => {
    const target = scope.entity.field(name);
    const strays = sources.filter((source) => !shown.includes(source) || scope.entity.relation(source));
    if (target && (target.kind === 'string' || target.kind === 'text') && shown.includes(name) && strays.length === 0)
      return true;
    const hint = 'Both it and its sources have to be text fields on the form';
    const at = `${scope.at('prepopulated')}.${name}`;
    scope.report(error('admin.E047', `"${name}" cannot be filled from ${sources.join(', ')}`, { at, hint }));
    return false;
  });
  return new Map(entries.filter((entry) => valid.includes(entry)));
}

const CONTROLS: Readonly<Record<FieldControl, (scope: DescribeScope, name: string) => boolean>> = {
  search: isRelation,
  key: isRelation,
  select: (scope, name) => isRelation(scope, name) || hasChoices(scope, name),
  radio: (scope, name) => isToOne(scope, name) || hasChoices(scope, name),
  checkboxes: (scope, name) => scope.entity.relation(name)?.kind === 'many-to-many',
};

function isRelation(scope: DescribeScope, name: string): boolean {
  return scope.entity.relation(name) !== undefined;
}

function isToOne(scope: DescribeScope, name: string): boolean {
  return scope.entity.relation(name)?.kind.endsWith('to-one') ?? false;
}

function hasChoices(scope: DescribeScope, name: string): boolean {
  return scope.entity.field(name)?.choices !== undefined;
}

function describeControls(scope: DescribeScope): ReadonlyMap<string, FieldControl> {
  const entries = Object.entries(scope.options.controls ?? {}) as [string, FieldControl][];
  return new Map(
    entries.filter(([name, control]) => {
      if (CONTROLS[control]?.(scope, name)) return true;
      const hint =
        'search, select and key are for relations; select and radio for choices; checkboxes for many-to-many';
      const at = `${scope.at('controls')}.${name}`;
      scope.report(error('admin.E048', `"${name}" cannot be edited by "${control}"`, { at, hint }));
      return false;
    }),
  );
}
