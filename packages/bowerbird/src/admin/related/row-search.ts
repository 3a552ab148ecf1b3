import { Injectable } from '@nestjs/common';

import { keyText } from '#forms';
import { applySearch, Descriptions, FieldError, textJoins, type EntityDescription, type QuerySet } from '#orm';

import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { type RelationScope } from './relation-scope.js';

/** The scope of a relation whose target has an admin. */
export type SearchedScope = RelationScope & { readonly descriptor: AdminDescriptor };

/** One row that was found. */
export interface FoundRow {
  /** The key as forms send it. */
  readonly value: string;
  readonly label: string;
  /** It is linked already; only told where a form lists a part of the links. */
  readonly linked?: true;
}

/** One page of what was found. */
export interface FoundPage {
  readonly results: readonly FoundRow[];
  readonly more: boolean;
}

/** Rows per page. */
export const FOUND_PER_PAGE = 20;

/**
 * Searches the rows that may be chosen for a relation, by the search fields and in the order of their admin; on each
 * page names that begin with the text come first.
 */
@Injectable()
export class RowSearch {
  constructor(private readonly descriptions: Descriptions) {}

  /**
   * @param page counted from 1
   * @param links the linked rows of the field, where it lists only a part of them
   */
  async find(
    { descriptor, target, rows }: SearchedScope,
    text: string,
    page: number,
    context: AdminContext,
    links?: QuerySet,
  ): Promise<FoundPage> {
    const ordered = narrow(rows(), descriptor, text, context)
      .orderBy(...descriptor.ordering.map(({ path, descending }) => (descending ? `-${path}` : path)))
      .selectRelated(...textJoins(target, '', (entity) => this.descriptions.of(entity)));
    const found = await readRows(ordered.slice((page - 1) * FOUND_PER_PAGE, FOUND_PER_PAGE + 1));
    const shown = found.slice(0, FOUND_PER_PAGE);
    const linked = new Set(links && shown.length > 0 ? await linkedKeys(links, shown, target) : []);
    const results = shown.map((row): FoundRow => {
      const value = keyText(target.keyOf(row));
      return { value, label: target.text(row), ...(linked.has(value) && { linked: true }) };
    });
    return { results: closestFirst(results, text), more: found.length > FOUND_PER_PAGE };
  }
}

async function linkedKeys(
  links: QuerySet,
  rows: readonly object[],
  target: EntityDescription,
): Promise<readonly string[]> {
  const keys = rows.map((row) => target.keyOf(row));
  return (await links.filter({ pk__in: keys }).all()).map((row) => keyText(target.keyOf(row)));
}

function narrow(rows: QuerySet, descriptor: AdminDescriptor, text: string, context: AdminContext): QuerySet {
  if (text === '') return rows;
  return descriptor.admin.search(rows, text, context) ?? applySearch(rows, descriptor.search, text);
}

/** Of the rows of one page, those first whose name is the text, then those whose name begins with it. */
function closestFirst(rows: readonly FoundRow[], text: string): readonly FoundRow[] {
  const wanted = plain(text);
  if (wanted === '') return rows;
  const distance = ({ label }: FoundRow): number => {
    const name = plain(label);
    if (name === wanted) return 0;
    return name.startsWith(wanted) ? 1 : 2;
  };
  return rows
    .map((row) => ({ row, distance: distance(row) }))
    .sort((left, right) => left.distance - right.distance)
    .map(({ row }) => row);
}

/** A text without capitals and accents. */
function plain(text: string): string {
  return text
    .trim()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
}

/** A search text that fits no field finds nothing. */
async function readRows(rows: QuerySet): Promise<readonly object[]> {
  try {
    return await rows.all();
  } catch (error) {
    if (error instanceof FieldError) return [];
    throw error;
  }
}
