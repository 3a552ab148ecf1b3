import { cursor, ModelViewSet, pages, ViewSet } from 'bowerbird/api';

import { City } from '../city.entity.js';
import { Country } from '../country.entity.js';
import { Currency } from '../currency.entity.js';
import { Language } from '../language.entity.js';
import { CitySerializer, CountrySerializer, CurrencySerializer, LanguageSerializer } from './atlas.serializers.js';

/** Cities; there are so many that pages are found by cursors. */
@ViewSet(City, {
  path: 'cities',
  serializer: CitySerializer,
  access: { read: 'public' },
  filters: ['country', 'country.region', 'kind', 'population', 'name'],
  filterExpression: true,
  search: ['^name', '^asciiName'],
  ordering: ['population', 'name'],
  pagination: cursor({ size: 50, maxSize: 500 }),
  summary: 'Populated places of the world',
})
export class CityViewSet extends ModelViewSet<City> {}

/** Countries. */
@ViewSet(Country, {
  path: 'countries',
  serializer: CountrySerializer,
  access: { read: 'public' },
  filters: [
    'region',
    'subregion',
    'landlocked',
    'independent',
    'unMember',
    'languages',
    'currencies',
    'borders',
    'area',
  ],
  search: ['name', 'officialName', '=code', 'capital'],
  ordering: ['name', 'area'],
  pagination: pages({ size: 50, maxSize: 300 }),
  summary: 'Countries and territories',
})
export class CountryViewSet extends ModelViewSet<Country> {}

/** Languages. */
@ViewSet(Language, {
  path: 'languages',
  serializer: LanguageSerializer,
  access: { read: 'public' },
  search: ['name', '=code'],
  ordering: ['name'],
  summary: 'Languages by their codes',
})
export class LanguageViewSet extends ModelViewSet<Language> {}

/** Money. */
@ViewSet(Currency, {
  path: 'currencies',
  serializer: CurrencySerializer,
  access: { read: 'public' },
  search: ['name', '=code'],
  ordering: ['name'],
  summary: 'Currencies by their codes',
})
export class CurrencyViewSet extends ModelViewSet<Currency> {}
