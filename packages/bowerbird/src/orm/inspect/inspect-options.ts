import { type Catalog, type CatalogTable } from '../catalog/catalog.js';
import { wholeTable } from '../catalog/whole-names.js';

type Place = Pick<CatalogTable, 'name' | 'schema'>;

/** Which tables and views are looked at. */
export interface InspectSelection {
  /** Patterns with `*` and `?`; nothing means everything. */
  readonly tables: readonly string[];
  readonly exclude: readonly string[];
  readonly views: boolean;
  /** Tables that are somebody's already, by their whole names, with whose they are. */
  readonly owned: ReadonlyMap<string, string>;
}

/** The part of a catalog that is to be inspected; what is left out although it was not asked for stands in `skipped`. */
export function selectFrom(catalog: Catalog, selection: InspectSelection): Catalog {
  const { views, owned } = selection;
  const asked = (place: Place): boolean => isAsked(place, selection);
  const free = (place: Place): boolean => !owned.has(wholeTable(place));
  const taken: readonly Place[] = [...catalog.tables, ...catalog.views].filter((each) => asked(each) && !free(each));
  return {
    ...catalog,
    tables: catalog.tables.filter((table) => asked(table) && free(table)),
    views: views ? catalog.views.filter((view) => asked(view) && free(view)) : [],
    skipped: [
      ...catalog.skipped.filter(asked),
      ...taken.map((place) => ({ name: wholeTable(place), reason: `it belongs to ${owned.get(wholeTable(place))!}` })),
    ],
  };
}

/** A pattern may say the schema as well: `sales.*`. */
function isAsked(place: Place, { tables, exclude }: InspectSelection): boolean {
  const names = [place.name, wholeTable(place)];
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => names.some((name) => patternOf(pattern).test(name)));
  return (tables.length === 0 || matches(tables)) && !matches(exclude);
}

/** `film_*`: a star stands for any letters, a question mark for one. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
}
