import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { Max, Min } from 'class-validator';
import { Column, Entity, Index, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';

import { CITY_KIND_LABELS, CityKind } from './city-kind.js';
import { Country } from './country.entity.js';

/** A populated place. Ids of loaded places are those of GeoNames. */
@Entity('atlas_city')
@Meta({ labelPlural: 'Cities', ordering: ['-population', 'name'], display: 'name', audited: true })
@Admin({
  list: ['name', 'country', 'population', 'kind', 'country.region'],
  search: ['name', 'asciiName', 'country.name'],
  filters: ['country', 'kind', 'country.region'],
  ordering: ['-population'],
  fieldsets: [
    { fields: [['name', 'asciiName'], 'country', ['kind', 'population']] },
    { title: 'Position', fields: [['latitude', 'longitude'], 'adminCode'] },
  ],
})
@Index(['population', 'id'])
export class City {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 100 })
  @Index()
  name: string;

  @Column({ length: 100, default: '' })
  @Index()
  @Field({ label: 'Name in plain letters', help: 'Without accents; found by search', blank: true })
  asciiName: string;

  @ManyToOne(() => Country, (country) => country.cities, { onDelete: 'CASCADE', nullable: false })
  country: Relation<Country>;

  @Column({ type: 'simple-enum', enum: CityKind, default: CityKind.Town })
  @Field({ choices: Object.values(CityKind).map((value) => ({ value, label: CITY_KIND_LABELS[value] })) })
  kind: CityKind;

  @Column({ type: 'int', default: 0 })
  @Min(0)
  population: number;

  @Column({ type: 'float' })
  @Min(-90)
  @Max(90)
  latitude: number;

  @Column({ type: 'float' })
  @Min(-180)
  @Max(180)
  longitude: number;

  @Column({ length: 20, default: '' })
  @Field({ label: 'Administrative code', blank: true })
  adminCode: string;
}
