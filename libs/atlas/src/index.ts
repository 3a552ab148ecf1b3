export { AtlasModule } from './atlas.module.js';
export { City } from './city.entity.js';
export { CITY_KIND_LABELS, CityKind } from './city-kind.js';
export { Country } from './country.entity.js';
export { Currency } from './currency.entity.js';
export { Language } from './language.entity.js';
export { Region } from './region.js';
