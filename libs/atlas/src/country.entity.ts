import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { IsUppercase, Length, Max, Min } from 'class-validator';
import { Column, Entity, Index, JoinTable, ManyToMany, OneToMany, PrimaryColumn, type Relation } from 'typeorm';

import { City } from './city.entity.js';
import { Currency } from './currency.entity.js';
import { Language } from './language.entity.js';
import { Region } from './region.js';

/** A country or territory, known by its two letters (ISO 3166-1). */
@Entity('atlas_country')
@Meta({ labelPlural: 'Countries', ordering: ['name'], display: 'name', audited: true })
@Admin({
  list: ['name', 'code', 'capital', 'region', 'area', 'independent'],
  search: ['name', 'officialName', '=code', 'capital'],
  filters: ['region', 'independent', 'unMember', 'landlocked', 'languages'],
  ordering: ['name'],
  fieldsets: [
    {
      fields: [
        ['name', 'officialName'],
        ['code', 'code3', 'flag'],
      ],
    },
    {
      title: 'Place',
      fields: [['region', 'subregion'], ['latitude', 'longitude'], ['capital', 'area'], 'landlocked', 'borders'],
    },
    { title: 'People', fields: ['languages', 'currencies', ['independent', 'unMember']] },
  ],
})
export class Country {
  @PrimaryColumn({ length: 2 })
  @Length(2, 2)
  @IsUppercase()
  @Field({ help: 'Two capital letters, ISO 3166-1 alpha-2' })
  code: string;

  @Column({ length: 3, unique: true })
  @Length(3, 3)
  @IsUppercase()
  @Field({ label: 'Three-letter code', help: 'ISO 3166-1 alpha-3' })
  code3: string;

  @Column({ length: 60, unique: true })
  name: string;

  @Column({ length: 100 })
  officialName: string;

  @Column({ length: 8, default: '' })
  @Field({ help: 'The flag as an emoji', blank: true })
  flag: string;

  @Column({ length: 60, default: '' })
  @Field({ blank: true })
  capital: string;

  @Column({ type: 'simple-enum', enum: Region })
  @Index()
  region: Region;

  @Column({ length: 40, default: '' })
  @Field({ blank: true })
  subregion: string;

  @Column({ type: 'decimal', precision: 12, scale: 2 })
  @Min(0)
  @Field({ label: 'Area (km²)' })
  area: string;

  @Column({ type: 'float' })
  @Min(-90)
  @Max(90)
  @Field({ help: 'Degrees north of the equator' })
  latitude: number;

  @Column({ type: 'float' })
  @Min(-180)
  @Max(180)
  @Field({ help: 'Degrees east of Greenwich' })
  longitude: number;

  @Column({ default: false })
  landlocked: boolean;

  @Column({ type: Boolean, nullable: true })
  @Field({ help: 'Unknown where the status is disputed' })
  independent: boolean | null;

  @Column({ default: false })
  @Field({ label: 'UN member' })
  unMember: boolean;

  @ManyToMany(() => Language, (language) => language.countries)
  @JoinTable({ name: 'atlas_country_languages' })
  languages: Relation<Language>[];

  @ManyToMany(() => Currency, (currency) => currency.countries)
  @JoinTable({ name: 'atlas_country_currencies' })
  currencies: Relation<Currency>[];

  @ManyToMany(() => Country)
  @JoinTable({ name: 'atlas_country_borders' })
  @Field({ help: 'Countries with which it shares a land border' })
  borders: Relation<Country>[];

  @OneToMany(() => City, (city) => city.country)
  cities: Relation<City>[];
}
