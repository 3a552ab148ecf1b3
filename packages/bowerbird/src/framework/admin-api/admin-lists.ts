import { ModelAdmin, type AdminDescriptor, type FilterDescriptor, type OrderTerm } from '#admin';
import { type FilterDeclaration, type ViewSetOptions } from '#api';
import { isUnknown, resolvePath, type Describe, type FieldDescription } from '#orm';

import { isSecret } from './admin-fields.js';

/** How lists are narrowed and ordered. */
export type AdminLists = Pick<ViewSetOptions, 'filters' | 'search' | 'ordering' | 'defaultOrdering'>;

/** Parameters that lists of the API have anyway; a filter of this name stays on the page of the admin. */
const TAKEN: ReadonlySet<string> = new Set([
  'page',
  'size',
  'search',
  'ordering',
  'fields',
  'expand',
  'format',
  'filter',
]);

/** The marks in front of searched paths. */
const MARKS = { icontains: '', istartswith: '^', iexact: '=', exact: '=' } as const;

/** The filters, search and order of an admin as the API takes them; conditions of the application's own stay on its pages. */
export function describeLists(descriptor: AdminDescriptor, describe: Describe): AdminLists {
  const { search, ordering, admin } = descriptor;
  const whole = admin.filters === ModelAdmin.prototype.filters;
  return {
    filters: whole ? filtersOf(descriptor) : {},
    search: search.filter(({ field }) => isOpen(field)).map(({ path, lookup }) => `${MARKS[lookup]}${path}`),
    ordering: [...new Set(sortedBy(descriptor).filter((path) => isOrderable(descriptor, path, describe)))],
    defaultOrdering: ordering.filter(({ path }) => isOrderable(descriptor, path, describe)).map(termOf),
  };
}

/** A field may have a filter for its values, which asks for emptiness as well, or one for emptiness alone. */
function filtersOf({ filters }: AdminDescriptor): Readonly<Record<string, FilterDeclaration>> {
  const known = filters.filter(({ kind, path, field }) => kind !== 'custom' && isOpen(field) && !TAKEN.has(path));
  const empty = known.filter(({ kind, nullable }) => kind === 'empty' && nullable);
  const values = known.filter(({ kind }) => kind !== 'empty');
  return Object.fromEntries([
    ...empty.map((one) => filterOf(one, ['isnull'])),
    ...values.map((one) => filterOf(one, true)),
  ]);
}

function filterOf({ path }: FilterDescriptor, declaration: FilterDeclaration): readonly [string, FilterDeclaration] {
  return [path, declaration];
}

/** An admin class that chooses the columns by the user hides some of them, and so their order. */
function sortedBy({ admin, columns }: AdminDescriptor): readonly string[] {
  if (admin.columns !== ModelAdmin.prototype.columns) return [];
  return columns.filter(({ sortable }) => sortable).flatMap(({ ordering }) => ordering.map(({ path }) => path));
}

function isOrderable({ entity }: AdminDescriptor, path: string, describe: Describe): boolean {
  const found = resolvePath(entity, path, describe);
  return !isUnknown(found) && !found.many && found.field !== null && isOpen(found.field);
}

function termOf({ path, descending }: OrderTerm): string {
  return descending ? `-${path}` : path;
}

/** Whether lists may be asked for values of a field; null for relations. */
function isOpen(field: FieldDescription | null): boolean {
  if (!field) return true;
  const { kind, nativeType, encrypted } = field;
  const plain = nativeType === undefined || nativeType.startsWith('citext');
  return plain && !encrypted && !isSecret(field) && kind !== 'json' && kind !== 'binary';
}
