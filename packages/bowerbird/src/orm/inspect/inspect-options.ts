import { type Catalog, type CatalogTable } from '../catalog/catalog.js';

/** Which tables and views are looked at. */
export interface InspectSelection {
  /** Patterns with `*` and `?`; nothing means everything. */
  readonly tables: readonly string[];
  readonly exclude: readonly string[];
  readonly views: boolean;
  /** Tables that are somebody's already, with whose they are. */
  readonly owned: ReadonlyMap<string, string>;
}

/** The part of a catalog that is to be inspected; what is left out although it was not asked for stands in `skipped`. */
export function selectFrom(catalog: Catalog, selection: InspectSelection): Catalog {
  const { views, owned } = selection;
  const asked = ({ name }: { readonly name: string }): boolean => isAsked(name, selection);
  const free = ({ name }: { readonly name: string }): boolean => !owned.has(name);
  const taken: readonly Pick<CatalogTable, 'name'>[] = [...catalog.tables, ...catalog.views].filter(
    (each) => asked(each) && !free(each),
  );
  return {
    ...catalog,
    tables: catalog.tables.filter((table) => asked(table) && free(table)),
    views: views ? catalog.views.filter((view) => asked(view) && free(view)) : [],
    skipped: [
      ...catalog.skipped.filter(asked),
      ...taken.map(({ name }) => ({ name, reason: `it belongs to ${owned.get(name)!}` })),
    ],
  };
}

function isAsked(name: string, { tables, exclude }: InspectSelection): boolean {
  const matches = (patterns: readonly string[]): boolean => patterns.some((pattern) => patternOf(pattern).test(name));
  return (tables.length === 0 || matches(tables)) && !matches(exclude);
}

/** `film_*`: a star stands for any letters, a question mark for one. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
}
