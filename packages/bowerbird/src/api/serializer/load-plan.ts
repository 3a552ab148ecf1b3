import { F, Prefetch, type EntityDescription, type Prefetched, type QuerySet } from '#orm';

import { shownMembers, type Selection, type Shown } from './selection.js';
import {
  type ColumnMember,
  type ComputedMember,
  type ReferenceMember,
  type SerializerDescription,
} from './serializer-description.js';

/** The property under which a row carries the key that a relation of it refers to. */
export function keyProperty(path: string): string {
  return `key$${path.replaceAll('.', '$')}`;
}

/** What has to be loaded for the rows of one level, seen from the outermost rows. */
interface Needs {
  /** Columns; null for all. */
  columns: Set<string> | null;
  readonly joins: Set<string>;
  readonly keys: Set<string>;
  readonly prefetches: Prefetched[];
}

/** How related rows are loaded. */
export interface LoadTools {
  /** Whether all columns of the outermost rows are loaded. */
  readonly whole?: boolean;
  /** The related rows that may be seen. */
  readonly rowsOf: (entity: EntityDescription) => QuerySet;
  /** Whether not all rows of an entity may be seen: its single rows are not joined then but looked for among those. */
  readonly isScoped: (entity: EntityDescription) => boolean;
}

/**
 * The query with all that a selection of a serializer shows: columns and single rows by joins in one statement, each list
 * by one more, however many rows there are.
 */
export function loading(
  rows: QuerySet,
  description: SerializerDescription,
  selection: Selection,
  tools: LoadTools,
): QuerySet {
  const needs: Needs = { columns: tools.whole ? null : new Set(), joins: new Set(), keys: new Set(), prefetches: [] };
  collect(needs, '', description, selection, tools);
  const joined = rows.selectRelated(...needs.joins).prefetchRelated(...needs.prefetches);
  const chosen = needs.columns ? joined.only(...needs.columns) : joined;
  const keys = [...needs.keys].map((path) => [keyProperty(path), F(path)] as const);
  return keys.length > 0 ? chosen.annotate(Object.fromEntries(keys) as never).untyped() : chosen.untyped();
}

type Collector = [
  needs: Needs,
  prefix: string,
  description: SerializerDescription,
  selection: Selection,
  tools: LoadTools,
];

function collect(...[needs, prefix, description, selection, tools]: Collector): void {
  for (const path of description.entity.primaryKey) needs.columns?.add(prefix + path);
  for (const shown of shownMembers(description, selection)) collectMember(needs, prefix, shown, tools);
}

function collectMember(needs: Needs, prefix: string, { member, document }: Shown, tools: LoadTools): void {
  if (member.kind === 'column') return collectColumn(needs, prefix, member);
  if (member.kind === 'computed') return collectComputed(needs, prefix, member);
  const path = prefix + member.path;
  if (member.many || (document && tools.isScoped(member.target))) {
    const related = tools.rowsOf(member.target);
    const inner = { ...tools, whole: false };
    const query = document
      ? loading(related, document.description, document.selection, inner)
      : referred(related, member as ReferenceMember);
    needs.prefetches.push(Prefetch(path, { query }));
  } else if (document) {
    needs.joins.add(path);
    collect(needs, `${path}.`, document.description, document.selection, tools);
  } else collectReference(needs, path, member as ReferenceMember);
}

function collectColumn(needs: Needs, prefix: string, { path, joins }: ColumnMember): void {
  for (const join of joins) needs.joins.add(prefix + join);
  needs.columns?.add(prefix + path);
}

function collectComputed(needs: Needs, prefix: string, { options }: ComputedMember): void {
  if (!options.needs) needs.columns = null;
  for (const path of options.needs ?? []) needs.columns?.add(prefix + path);
}

/** A key that the own table holds needs no join. */
function collectReference(needs: Needs, path: string, { relation, target, style }: ReferenceMember): void {
  if (style === 'key' || style === 'link') {
    if (relation.owning && relation.columns.length === 1 && !path.includes('.')) {
      needs.keys.add(path);
      return;
    }
    needs.joins.add(path);
    for (const key of target.primaryKey) needs.columns?.add(`${path}.${key}`);
    return;
  }
  needs.joins.add(path);
  if (typeof style === 'object') needs.columns?.add(`${path}.${style.slug}`);
  else needs.columns = null;
}

function referred(rows: QuerySet, { style, target }: ReferenceMember): QuerySet {
  if (style === 'text') return rows;
  return rows.only(...target.primaryKey, ...(typeof style === 'object' ? [style.slug] : [])).untyped();
}
