import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  operations: [
    ops.createEntity('Language', {
      table: 'atlas_language',
      fields: {
        code: ops.string({ primary: true, length: 3 }),
        name: ops.string({ length: 80 }),
      },
      uniques: [{ fields: ['name'] }],
    }),
    ops.createEntity('Currency', {
      table: 'atlas_currency',
      fields: {
        code: ops.string({ primary: true, length: 3 }),
        name: ops.string({ length: 80 }),
        symbol: ops.string({ length: 12, default: '' }),
      },
    }),
    ops.createEntity('Country', {
      table: 'atlas_country',
      fields: {
        code: ops.string({ primary: true, length: 2 }),
        code3: ops.string({ length: 3 }),
        name: ops.string({ length: 60 }),
        officialName: ops.string({ length: 100 }),
        flag: ops.string({ length: 8, default: '' }),
        capital: ops.string({ length: 60, default: '' }),
        region: ops.enum({ values: ['Africa', 'Americas', 'Antarctic', 'Asia', 'Europe', 'Oceania'] }),
        subregion: ops.string({ length: 40, default: '' }),
        area: ops.decimal({ precision: 12, scale: 2 }),
        latitude: ops.float(),
        longitude: ops.float(),
        landlocked: ops.boolean({ default: false }),
        independent: ops.boolean({ nullable: true }),
        unMember: ops.boolean({ default: false }),
        languages: ops.manyToMany('Language', {
          table: 'atlas_country_languages',
          from: { atlasCountryCode: 'code' },
          to: { atlasLanguageCode: 'code' },
        }),
        currencies: ops.manyToMany('Currency', {
          table: 'atlas_country_currencies',
          from: { atlasCountryCode: 'code' },
          to: { atlasCurrencyCode: 'code' },
        }),
        borders: ops.manyToMany('Country', {
          table: 'atlas_country_borders',
          from: { atlasCountryCode_1: 'code' },
          to: { atlasCountryCode_2: 'code' },
        }),
      },
      uniques: [{ fields: ['code3'] }, { fields: ['name'] }],
      indexes: [{ fields: ['region'] }],
    }),
    ops.createEntity('City', {
      table: 'atlas_city',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 100 }),
        asciiName: ops.string({ length: 100, default: '' }),
        kind: ops.enum({ values: ['capital', 'region-seat', 'town', 'section', 'historical'], default: 'town' }),
        population: ops.integer({ default: 0 }),
        latitude: ops.float(),
        longitude: ops.float(),
        adminCode: ops.string({ length: 20, default: '' }),
        country: ops.manyToOne('Country', { columns: { countryCode: 'code' }, onDelete: 'cascade' }),
      },
      indexes: [{ fields: ['name'] }, { fields: ['asciiName'] }, { fields: ['population', 'id'] }],
    }),
  ],
});
