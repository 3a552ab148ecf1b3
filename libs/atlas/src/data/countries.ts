import { Region } from '../region.js';

/** What the package world-countries says of one country (ODbL 1.0), as far as the atlas uses it. */
interface SourceCountry {
  readonly name: { readonly common: string; readonly official: string };
  readonly cca2: string;
  readonly cca3: string;
  readonly independent: boolean | null;
  readonly unMember: boolean;
  readonly capital: readonly string[];
  readonly region: string;
  readonly subregion: string;
  readonly languages: Readonly<Record<string, string>>;
  readonly currencies: Readonly<Record<string, { readonly name: string; readonly symbol: string }>>;
  readonly borders: readonly string[];
  /** Latitude, then longitude, in degrees. */
  readonly latlng: readonly [number, number];
  readonly landlocked: boolean;
  /** Square kilometers; -1 where it is unknown. */
  readonly area: number;
  readonly flag: string;
}

/** A country with the keys of what it is related to. */
export interface CountryRow {
  readonly columns: {
    readonly code: string;
    readonly code3: string;
    readonly name: string;
    readonly officialName: string;
    readonly flag: string;
    readonly capital: string;
    readonly region: Region;
    readonly subregion: string;
    readonly area: string;
    readonly latitude: number;
    readonly longitude: number;
    readonly landlocked: boolean;
    readonly independent: boolean | null;
    readonly unMember: boolean;
  };
  readonly languages: readonly string[];
  readonly currencies: readonly string[];
  readonly borders: readonly string[];
}

/** All countries with their languages and currencies, ready to be inserted. */
export interface CountryData {
  readonly languages: readonly { readonly code: string; readonly name: string }[];
  readonly currencies: readonly { readonly code: string; readonly name: string; readonly symbol: string }[];
  readonly countries: readonly CountryRow[];
}

export async function readCountries(): Promise<CountryData> {
  const { default: source } = (await import('world-countries')) as unknown as { default: readonly SourceCountry[] };
  const byCode3 = new Map(source.map(({ cca3, cca2 }) => [cca3, cca2]));
  return {
    languages: distinct(
      source.flatMap(({ languages }) => Object.entries(languages).map(([code, name]) => ({ code, name }))),
    ),
    currencies: distinct(
      source.flatMap(({ currencies }) =>
        Object.entries(currencies).map(([code, { name, symbol }]) => ({ code, name, symbol: symbol ?? '' })),
      ),
    ),
    countries: source.map((country) => toRow(country, byCode3)),
  };
}

function toRow(country: SourceCountry, byCode3: ReadonlyMap<string, string>): CountryRow {
  const [latitude, longitude] = country.latlng;
  return {
    columns: {
      code: country.cca2,
      code3: country.cca3,
      name: country.name.common,
      officialName: country.name.official,
      flag: country.flag,
      capital: country.capital[0] ?? '',
      region: country.region as Region,
      subregion: country.subregion,
      area: Math.max(0, country.area).toFixed(2),
      latitude,
      longitude,
      landlocked: country.landlocked,
      independent: country.independent,
      unMember: country.unMember,
    },
    languages: Object.keys(country.languages),
    currencies: Object.keys(country.currencies),
    borders: country.borders.map((code3) => byCode3.get(code3)).filter((code) => code !== undefined),
  };
}

/** One item for each code, the first that was named, ordered by code. */
function distinct<T extends { readonly code: string }>(items: readonly T[]): readonly T[] {
  const byCode = new Map<string, T>();
  for (const item of items) if (!byCode.has(item.code)) byCode.set(item.code, item);
  return [...byCode.values()].sort((left, right) => left.code.localeCompare(right.code));
}
