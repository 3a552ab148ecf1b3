import { Module } from '@nestjs/common';
import { App } from 'bowerbird/orm';

import { CityViewSet, CountryViewSet, CurrencyViewSet, LanguageViewSet } from './api/atlas.viewsets.js';
import { City } from './city.entity.js';
import { Country } from './country.entity.js';
import { Currency } from './currency.entity.js';
import { Language } from './language.entity.js';
import { LoadAtlasCommand } from './load-atlas.command.js';

/** Countries and cities of the world, with a command that loads them. */
@App({
  name: 'atlas',
  label: 'Atlas',
  entities: [Country, City, Language, Currency],
  migrations: new URL('./migrations/', import.meta.url),
})
@Module({
  controllers: [CityViewSet, CountryViewSet, LanguageViewSet, CurrencyViewSet],
  providers: [LoadAtlasCommand],
})
export class AtlasModule {}
