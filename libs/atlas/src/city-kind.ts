/** What a populated place is to its country; a coarser form of the GeoNames feature codes. */
export enum CityKind {
  Capital = 'capital',
  RegionSeat = 'region-seat',
  Town = 'town',
  Section = 'section',
  Historical = 'historical',
}

/** How the kinds are called. */
export const CITY_KIND_LABELS: Readonly<Record<CityKind, string>> = {
  [CityKind.Capital]: 'Capital',
  [CityKind.RegionSeat]: 'Seat of a region',
  [CityKind.Town]: 'Town or village',
  [CityKind.Section]: 'Part of a city',
  [CityKind.Historical]: 'Abandoned or destroyed',
};

/** The kind of a GeoNames feature code; anything unknown is a town. */
export function cityKind(featureCode: string): CityKind {
  if (featureCode === 'PPLC') return CityKind.Capital;
  if (/^PPLA\d?$/.test(featureCode)) return CityKind.RegionSeat;
  if (featureCode === 'PPLX') return CityKind.Section;
  return /^PPL(Q|W|H|CH)$/.test(featureCode) ? CityKind.Historical : CityKind.Town;
}
