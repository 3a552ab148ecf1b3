import { type FieldDescription } from '../../describe/entity-description.js';
import { isUnknown, type ResolvedPath, type UnknownStep } from '../../describe/entity-path.js';

/** One field that is searched. */
export interface SearchField {
  readonly path: string;
  readonly lookup: 'icontains' | 'istartswith' | 'iexact' | 'exact';
  readonly field: FieldDescription;
  /** The path goes through a list of rows, so that a match can repeat a row. */
  readonly many: boolean;
}

/** Why a field cannot be searched: its path leads nowhere, or to something that has no parts to search for. */
export type SearchFieldProblem =
  | { readonly path: string; readonly found: ResolvedPath | UnknownStep }
  | { readonly path: string; readonly unfit: FieldDescription };

const PREFIXES: Readonly<Record<string, 'istartswith' | 'exact'>> = { '^': 'istartswith', '=': 'exact' };

/**
 * What a declared search field means: a path for texts that hold a term, `^path` for those that begin with it and `=path`
 * for values that equal it. See https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.search_fields
 */
export function readSearchField(
  name: string,
  resolve: (path: string) => ResolvedPath | UnknownStep,
): SearchField | SearchFieldProblem {
  const prefix = PREFIXES[name.charAt(0)];
  const path = prefix ? name.slice(1) : name;
  const found = resolve(path);
  if (isUnknown(found) || !found.field) return { path, found };
  const { field, many } = found;
  const text = isText(field.kind);
  if ((!text && prefix !== 'exact') || field.sensitive || field.kind === 'json' || field.kind === 'binary')
    return { path, unfit: field };
  const lookup = prefix === 'exact' && text ? 'iexact' : (prefix ?? 'icontains');
  return { path, lookup, field, many };
}

function isText(kind: string): boolean {
  return kind === 'string' || kind === 'text';
}
