import { ModelSerializer, Serializer } from 'bowerbird/api';

import { City } from '../city.entity.js';
import { Country } from '../country.entity.js';
import { Currency } from '../currency.entity.js';
import { Language } from '../language.entity.js';

/** Languages. */
@Serializer(Language, { fields: ['code', 'name'] })
export class LanguageSerializer extends ModelSerializer<Language> {}

/** Money. */
@Serializer(Currency, { fields: ['code', 'name', 'symbol'] })
export class CurrencySerializer extends ModelSerializer<Currency> {}

/** Countries, with languages, currencies and neighbors as their codes. */
@Serializer(Country, {
  fields: [
    'code',
    'code3',
    'name',
    'officialName',
    'flag',
    'capital',
    'region',
    'subregion',
    'area',
    'latitude',
    'longitude',
    'landlocked',
    'independent',
    'unMember',
    'languages',
    'currencies',
    'borders',
  ],
  expand: { languages: () => LanguageSerializer, currencies: () => CurrencySerializer },
})
export class CountrySerializer extends ModelSerializer<Country> {}

/** Cities. */
@Serializer(City, {
  fields: [
    'id',
    'name',
    'asciiName',
    'country',
    'countryName',
    'kind',
    'population',
    'latitude',
    'longitude',
    'adminCode',
  ],
  source: { countryName: 'country.name' },
  expand: { country: () => CountrySerializer },
})
export class CitySerializer extends ModelSerializer<City> {}
